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
import { ROLES } from './rights';
import { useDesk, type DeskWords } from './words';

interface Mine {
  slug: string;
  name: string;
  role: string;
}

/** A role of a later version is told by its own name. */
function roleName(role: string, t: DeskWords): string {
  const known = ROLES.find((each) => each === role);
  return known ? t(`role.${known}`) : role;
}

function useMine(user: User): Mine[] {
  const t = useDesk();
  const all = useGet<Restaurant[]>('/api/v1/restaurants?limit=200', { enabled: user.is_platform_admin });
  if (!user.is_platform_admin)
    return user.memberships.map(({ slug, name, role }) => ({ slug, name, role: roleName(role, t) }));
  return (all.data ?? []).map(({ slug, name }) => ({ slug, name, role: t('desk.platform_admin') }));
}

export function MyRestaurants({ user }: { user: User }) {
  const t = useDesk();
  const mine = useMine(user);
  return (
    <>
      <Awning />
      <TopBar user={user} />
      <Container component="main" maxWidth="lg" sx={{ py: 4 }}>
        <Typography variant="h1" sx={{ mb: 3 }}>
          {t('desk.own')}
        </Typography>
        {mine.length === 0 && !user.is_platform_admin && (
          <Explain picture="🗝️" title={t('desk.none_title')} level="h2">
            {t('desk.none', { email: user.email })}
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
