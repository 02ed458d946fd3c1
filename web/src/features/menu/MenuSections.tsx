import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { Menu } from '../../gen/types';
import { Explain } from '../../ui/Explain';
import { CategoryBar } from './CategoryBar';
import { ItemCard } from './ItemCard';

/** The menu by category; categories without a dish are left out. */
export function MenuSections({ menu }: { menu: Menu }) {
  const categories = menu.categories.filter((category) => category.items.length > 0);
  if (categories.length === 0) {
    return (
      <Explain picture="🥣" title="The menu is empty today">
        Nothing is listed yet. Ask the staff, or look in again later: this page follows the kitchen by itself.
      </Explain>
    );
  }
  return (
    <>
      <CategoryBar categories={categories} />
      {categories.map((category) => (
        <Box
          component="section"
          key={category.id}
          id={category.id}
          aria-labelledby={`name-${category.id}`}
          sx={{ pt: 4 }}
        >
          <Typography variant="h2" id={`name-${category.id}`}>
            {category.name}
          </Typography>
          {category.description && <Typography color="text.secondary">{category.description}</Typography>}
          <Box
            component="ul"
            sx={{
              p: 0,
              mt: 2,
              mb: 0,
              display: 'grid',
              gap: { xs: 1.75, sm: 2.5 },
              gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 262px), 1fr))',
            }}
          >
            {category.items.map((item) => (
              <ItemCard
                key={item.id}
                item={item}
                category={category.name}
                currency={menu.restaurant.currency}
              />
            ))}
          </Box>
        </Box>
      ))}
    </>
  );
}
