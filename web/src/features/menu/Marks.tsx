import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import type { MenuItem } from '../../gen/types';
import { useT } from '../../i18n/i18n';

function Mark({ children, strong }: { children: ReactNode; strong?: boolean }) {
  return (
    <Box
      component="span"
      sx={{
        px: 1.1,
        py: 0.15,
        borderRadius: 99,
        fontSize: '.82rem',
        fontWeight: 700,
        border: '1px solid',
        borderColor: strong ? 'secondary.main' : 'divider',
        bgcolor: strong ? 'secondary.main' : 'transparent',
        color: strong ? 'secondary.contrastText' : 'text.secondary',
      }}
    >
      {children}
    </Box>
  );
}

/** Signature, spice and the kitchen's own marks. */
export function Marks({ item }: { item: MenuItem }) {
  const t = useT();
  const spice = Math.max(0, Math.min(item.spice_level ?? 0, 5));
  if (!item.is_signature && !spice && item.tags.length === 0) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mt: 1.25 }}>
      {item.is_signature && (
        <Mark strong>
          <span aria-hidden>★ </span>
          {t('menu.signature')}
        </Mark>
      )}
      {spice > 0 && (
        <Mark>
          <span aria-hidden>{'🌶️'.repeat(spice)} </span>
          {t('menu.spice', { level: spice })}
        </Mark>
      )}
      {item.tags.map((tag) => (
        <Mark key={tag}>{tag}</Mark>
      ))}
    </Box>
  );
}
