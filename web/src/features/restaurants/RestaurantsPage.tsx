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
import { useT } from '../../i18n/i18n';
import { LanguageButton } from '../../i18n/LanguageButton';
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
        <Box sx={{ height: 150 }}>
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
  const t = useT();
  const { data, error, refetch } = useRestaurants();
  if (error) {
    return (
      <Explain
        picture="🔌"
        title={t('restaurants.failed')}
        action={{ label: t('error.again'), run: () => void refetch() }}
      >
        {error.message}
      </Explain>
    );
  }
  if (data?.length === 0) {
    return (
      <Explain picture="🥣" title={t('restaurants.none_title')} level="h2">
        {t('restaurants.none')}
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
  const t = useT();
  useEffect(() => {
    document.title = t('restaurants.page_title');
  }, [t]);
  return (
    <>
      <Awning />
      <Container component="main" maxWidth="lg" sx={{ pt: 4, pb: 8 }}>
        <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'start', gap: 2, mb: 4 }}>
          <Box>
            <Typography variant="h1">{t('restaurants.title')}</Typography>
            <Typography color="text.secondary" sx={{ mt: 1, fontSize: '1.1rem' }}>
              {t('restaurants.lead')}
            </Typography>
          </Box>
          <Stack direction="row" sx={{ gap: 1 }}>
            <LanguageButton />
            <SchemeButton />
          </Stack>
        </Stack>
        <Restaurants />
      </Container>
    </>
  );
}
