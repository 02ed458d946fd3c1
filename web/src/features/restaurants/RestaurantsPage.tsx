import Box from '@mui/material/Box';
import Card from '@mui/material/Card';
import CardActionArea from '@mui/material/CardActionArea';
import Container from '@mui/material/Container';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useEffect } from 'react';
import { Link } from 'react-router-dom';
import type { Restaurant } from '../../gen/types';
import { Awning } from '../../ui/Awning';
import { Explain } from '../../ui/Explain';
import { FoodTile } from '../../ui/FoodTile';
import { SchemeButton } from '../../ui/SchemeButton';
import { useRestaurants } from './useRestaurants';

function RestaurantCard({ restaurant }: { restaurant: Restaurant }) {
  return (
    <Card variant="outlined" component="li" sx={{ listStyle: 'none' }}>
      <CardActionArea
        component={Link}
        to={`/r/${restaurant.slug}`}
        sx={{ height: '100%', display: 'flex', flexDirection: 'column', alignItems: 'stretch' }}
      >
        <Box sx={{ height: 132 }}>
          <FoodTile name={restaurant.name} category={restaurant.cuisine_type ?? ''} />
        </Box>
        <Box sx={{ p: 2.5, flex: 1 }}>
          <Typography variant="h3" component="h2">
            {restaurant.name}
          </Typography>
          {restaurant.cuisine_type && (
            <Typography variant="body2" color="secondary" sx={{ fontWeight: 700, mt: 0.25 }}>
              {restaurant.cuisine_type}
            </Typography>
          )}
          <Typography color="text.secondary" sx={{ mt: 1 }}>
            {restaurant.description}
          </Typography>
        </Box>
      </CardActionArea>
    </Card>
  );
}

function Restaurants() {
  const { data, error, refetch } = useRestaurants();
  if (error) {
    return (
      <Explain
        picture="🔌"
        title="The list did not arrive"
        action={{ label: 'Try again', run: () => void refetch() }}
      >
        {error.message}
      </Explain>
    );
  }
  if (data?.length === 0) {
    return (
      <Explain picture="🥣" title="No restaurant is open yet">
        As soon as one is set up it shows up here.
      </Explain>
    );
  }
  return (
    <Box
      component="ul"
      aria-busy={!data}
      sx={{
        display: 'grid',
        gap: 3,
        p: 0,
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 280px), 1fr))',
      }}
    >
      {data?.map((each) => <RestaurantCard key={each.id} restaurant={each} />) ??
        [1, 2, 3].map((each) => <Skeleton key={each} component="li" variant="rounded" height={280} />)}
    </Box>
  );
}

export default function RestaurantsPage() {
  useEffect(() => {
    document.title = 'Restaurants';
  }, []);
  return (
    <>
      <Awning />
      <Container component="main" maxWidth="lg" sx={{ pt: 4, pb: 8 }}>
        <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'start', gap: 2, mb: 4 }}>
          <Box>
            <Typography variant="h1">Who is baking today?</Typography>
            <Typography color="text.secondary" sx={{ mt: 1, fontSize: '1.1rem' }}>
              Pick a place, browse its menu, and ask its assistant anything about it.
            </Typography>
          </Box>
          <SchemeButton />
        </Stack>
        <Restaurants />
      </Container>
    </>
  );
}
