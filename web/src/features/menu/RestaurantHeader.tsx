import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import Container from '@mui/material/Container';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { Restaurant } from '../../gen/types';
import { Awning } from '../../ui/Awning';
import { pictureOf } from '../../ui/FoodTile';
import { SchemeButton } from '../../ui/SchemeButton';

/** The plate at the right of the name: the house's own emblem. */
function Plate({ emoji }: { emoji: string }) {
  return (
    <Box
      aria-hidden
      sx={{
        display: { xs: 'none', md: 'grid' },
        placeItems: 'center',
        width: 210,
        height: 210,
        flexShrink: 0,
        borderRadius: '50%',
        fontSize: '6.4rem',
        background: 'radial-gradient(circle, #fffaf2 55%, #f3ddbf 56% 64%, #fffaf2 65%)',
        boxShadow: '0 20px 40px -18px rgb(90 45 15 / .55)',
        rotate: '-8deg',
      }}
    >
      {emoji}
    </Box>
  );
}

export function RestaurantHeader({ restaurant }: { restaurant: Restaurant }) {
  const emoji =
    restaurant.avatar_config.emoji ?? pictureOf(restaurant.name, restaurant.cuisine_type ?? '').main;
  return (
    <Box
      component="header"
      sx={(theme) => ({
        background:
          'linear-gradient(transparent 55%, #fff6e9), radial-gradient(120% 150% at 85% 0%, #ffc676 0%, #ffe1b8 45%, #fff6e9 85%)',
        ...theme.applyStyles('dark', {
          background:
            'linear-gradient(transparent 55%, #1d130e), radial-gradient(120% 150% at 85% 0%, #6d3b1c 0%, #3b2216 45%, #1d130e 85%)',
        }),
      })}
    >
      <Awning />
      <Container maxWidth="lg" sx={{ py: { xs: 3, md: 5 } }}>
        <Stack direction="row" sx={{ justifyContent: 'space-between', gap: 3, alignItems: 'center' }}>
          <Box sx={{ maxWidth: 640 }}>
            {restaurant.cuisine_type && (
              <Chip color="secondary" label={restaurant.cuisine_type} sx={{ mb: 1.5 }} />
            )}
            <Typography variant="h1">{restaurant.name}</Typography>
            {restaurant.description && (
              <Typography
                sx={{ mt: 1.5, fontSize: { xs: '1.05rem', md: '1.2rem' }, color: 'text.secondary' }}
              >
                {restaurant.description}
              </Typography>
            )}
          </Box>
          <Plate emoji={emoji} />
        </Stack>
      </Container>
      <Box sx={{ position: 'absolute', insetInlineEnd: { xs: 12, md: 24 }, top: 54 }}>
        <SchemeButton />
      </Box>
    </Box>
  );
}
