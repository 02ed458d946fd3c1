import Box from '@mui/material/Box';
import Card from '@mui/material/Card';
import CardActionArea from '@mui/material/CardActionArea';
import Container from '@mui/material/Container';
import Typography from '@mui/material/Typography';
import { Link } from 'react-router-dom';
import type { Restaurant, User } from '../../gen/types';
import { Awning } from '../../ui/Awning';
import { Explain } from '../../ui/Explain';
import { FoodTile } from '../../ui/FoodTile';
import { NewRestaurant } from './NewRestaurant';
import { TopBar } from './parts/TopBar';
import { useGet } from './queries';

interface Mine {
  slug: string;
  name: string;
  role: string;
}

function useMine(user: User): Mine[] {
  const all = useGet<Restaurant[]>('/api/v1/restaurants?limit=200', { enabled: user.is_platform_admin });
  if (!user.is_platform_admin) return user.memberships;
  return (all.data ?? []).map(({ slug, name }) => ({ slug, name, role: 'platform admin' }));
}

export function MyRestaurants({ user }: { user: User }) {
  const mine = useMine(user);
  return (
    <>
      <Awning />
      <TopBar user={user} />
      <Container component="main" maxWidth="lg" sx={{ py: 4 }}>
        <Typography variant="h1" sx={{ mb: 3 }}>
          Your restaurants
        </Typography>
        {mine.length === 0 && !user.is_platform_admin && (
          <Explain picture="🗝️" title="No restaurant yet" level="h2">
            You are signed in, but nobody gave you a role in a restaurant. Ask its owner to add {user.email}{' '}
            to the team.
          </Explain>
        )}
        <Box
          component="ul"
          sx={{
            p: 0,
            display: 'grid',
            gap: 2.5,
            gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
          }}
        >
          {mine.map(({ slug, name, role }) => (
            <Card key={slug} component="li" variant="outlined" sx={{ listStyle: 'none' }}>
              <CardActionArea component={Link} to={`/admin/${slug}/menu`}>
                <Box sx={{ height: 120 }}>
                  <FoodTile name={name} category="" />
                </Box>
                <Box sx={{ p: 2.25 }}>
                  <Typography variant="h3" component="h2">
                    {name}
                  </Typography>
                  <Typography color="text.secondary">{role}</Typography>
                </Box>
              </CardActionArea>
            </Card>
          ))}
        </Box>
        {user.is_platform_admin && <NewRestaurant />}
      </Container>
    </>
  );
}
