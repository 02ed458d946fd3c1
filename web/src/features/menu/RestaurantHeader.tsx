import Box from '@mui/material/Box';
import Container from '@mui/material/Container';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { Restaurant } from '../../gen/types';
import { LanguageButton } from '../../i18n/LanguageButton';
import { InstallButton } from '../../pwa/InstallButton';
import { Awning } from '../../ui/Awning';
import { FoodPicture } from '../../ui/food/FoodPicture';
import { SchemeButton } from '../../ui/SchemeButton';
import { Hours } from './Hours';

/** The plate at the right of the name, with what the house is about. */
function Plate({ restaurant }: { restaurant: Restaurant }) {
  return (
    <Box
      aria-hidden
      sx={{
        display: { xs: 'none', md: 'grid' },
        placeItems: 'center',
        width: 248,
        height: 248,
        flexShrink: 0,
        borderRadius: '50%',
        background: 'radial-gradient(circle, #fffaf2 56%, var(--brand-2, #f3ddbf) 57% 60%, #fffaf2 61%)',
        boxShadow: '0 26px 46px -20px rgb(60 30 10 / .6)',
        rotate: '-8deg',
        '& svg': { filter: 'drop-shadow(0 8px 8px rgb(60 30 10 / .35))' },
      }}
    >
      <FoodPicture name={restaurant.name} category={restaurant.cuisine_type ?? ''} size="150px" />
    </Box>
  );
}

export function RestaurantHeader({ restaurant }: { restaurant: Restaurant }) {
  return (
    <Box
      component="header"
      sx={{
        position: 'relative',
        background:
          'linear-gradient(transparent 50%, var(--mui-palette-background-default)), radial-gradient(110% 150% at 88% 0%, var(--brand-glow, #ffc676) 0%, transparent 75%)',
      }}
    >
      <Awning />
      <Container maxWidth="lg" sx={{ pt: { xs: 1.5, md: 2 }, pb: { xs: 2.5, md: 4 } }}>
        <Stack direction="row" sx={{ justifyContent: 'flex-end', gap: 1 }}>
          <InstallButton />
          <LanguageButton />
          <SchemeButton />
        </Stack>
        <Stack direction="row" sx={{ justifyContent: 'space-between', gap: 3, alignItems: 'center' }}>
          <Box sx={{ maxWidth: 660 }}>
            {restaurant.cuisine_type && (
              <Typography
                color="secondary"
                sx={{
                  fontWeight: 800,
                  letterSpacing: '.08em',
                  textTransform: 'uppercase',
                  fontSize: '.85rem',
                }}
              >
                {restaurant.cuisine_type}
              </Typography>
            )}
            <Typography variant="h1">{restaurant.name}</Typography>
            {restaurant.description && (
              <Typography
                sx={{ mt: 1.5, fontSize: { xs: '1.05rem', md: '1.2rem' }, color: 'text.secondary' }}
              >
                {restaurant.description}
              </Typography>
            )}
            <Box sx={{ mt: 2.5 }}>
              <Hours restaurant={restaurant} />
            </Box>
          </Box>
          <Plate restaurant={restaurant} />
        </Stack>
      </Container>
    </Box>
  );
}
