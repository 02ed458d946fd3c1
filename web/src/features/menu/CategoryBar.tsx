import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import type { MenuCategory } from '../../gen/types';

/** Jumps to a category; stays at the top while the menu scrolls under it. */
export function CategoryBar({ categories }: { categories: MenuCategory[] }) {
  return (
    <Box
      component="nav"
      aria-label="Categories"
      sx={{
        position: 'sticky',
        top: 0,
        zIndex: 5,
        py: 1.5,
        display: 'flex',
        gap: 1,
        overflowX: 'auto',
        bgcolor: 'background.default',
        scrollbarWidth: 'none',
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      {categories.map((category) => (
        <Chip
          key={category.id}
          component="a"
          clickable
          href={`#${category.id}`}
          label={category.name}
          sx={{
            height: 40,
            px: 0.75,
            fontSize: '.98rem',
            bgcolor: 'background.paper',
            border: 1,
            borderColor: 'divider',
            flexShrink: 0,
          }}
        />
      ))}
    </Box>
  );
}
