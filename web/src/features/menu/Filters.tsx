import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useId, type ReactNode } from 'react';
import { useT } from '../../i18n/i18n';
import { Toggle } from '../../ui/Toggle';
import { allergenIcon, allergenName, REGULATED } from './allergens';
import { useWishes } from './wishes';

function Group({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <Box role="group" aria-labelledby={id}>
      <Typography id={id} variant="h3" component="h2" sx={{ mb: 1 }}>
        {title}
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>{children}</Box>
      {hint && (
        <Typography color="text.secondary" sx={{ mt: 1, fontSize: '.88rem' }}>
          {hint}
        </Typography>
      )}
    </Box>
  );
}

/** What the guest wants and what has to be avoided; takes effect at once. */
export function Filters({ tags, id }: { tags: string[]; id: string }) {
  const t = useT();
  const wishes = useWishes();
  return (
    <Box
      id={id}
      data-testid="filters"
      sx={{
        display: 'grid',
        gap: 2.5,
        gridTemplateColumns: { md: 'minmax(0, 2fr) minmax(0, 3fr)' },
        p: 2.5,
        mt: 1,
        borderRadius: '22px',
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
      }}
    >
      {tags.length > 0 && (
        <Group title={t('filter.tags')}>
          {tags.map((tag) => (
            <Toggle key={tag} on={wishes.tags.includes(tag)} onClick={() => wishes.toggle('tags', tag)}>
              {tag}
            </Toggle>
          ))}
        </Group>
      )}
      <Group title={t('filter.without')} hint={t('filter.without_hint')}>
        {REGULATED.map((wire) => (
          <Toggle
            key={wire}
            icon={allergenIcon(wire)}
            on={wishes.without.includes(wire)}
            onClick={() => wishes.toggle('without', wire)}
          >
            {allergenName(t, wire)}
          </Toggle>
        ))}
      </Group>
      {wishes.tags.length + wishes.without.length > 0 && (
        <Button onClick={wishes.reset} sx={{ justifySelf: 'start' }}>
          {t('filter.reset')}
        </Button>
      )}
    </Box>
  );
}
