import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { RestaurantChange } from '../../../gen/types';
import { toHex, parseHex } from '../../../ui/color';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Trouble } from '../parts/Trouble';
import { at } from '../queries';
import { authed } from '../session/authed';
import { HoursEditor } from './HoursEditor';
import { WidgetHelp } from './WidgetHelp';
import { useDesk } from '../words';

const TEXTS = ['name', 'cuisine_type', 'description', 'currency', 'timezone'] as const;

const COLOURS = [
  ['primary', '#a3430f'],
  ['secondary', '#f2b544'],
  ['background', '#fff6e9'],
] as const;

type Theme = Record<(typeof COLOURS)[number][0], string>;

function themeOf(theme: unknown): Theme {
  const given = (typeof theme === 'object' && theme !== null ? theme : {}) as Record<string, unknown>;
  return Object.fromEntries(
    COLOURS.map(([name, otherwise]) => {
      const rgb = parseHex(given[name]);
      return [name, rgb ? toHex(rgb) : otherwise];
    }),
  ) as Theme;
}

/** What a restaurant is and how it looks. */
export default function SettingsPage({ restaurant }: PageProps) {
  const t = useDesk();
  const queries = useQueryClient();
  const [texts, setTexts] = useState(() =>
    Object.fromEntries(TEXTS.map((field) => [field, restaurant[field] ?? ''])),
  );
  const [theme, setTheme] = useState(() => themeOf(restaurant.theme));
  const [hours, setHours] = useState(restaurant.hours);
  const [origins, setOrigins] = useState(restaurant.allowed_origins.join('\n'));
  const save = useMutation({
    mutationFn: (body: RestaurantChange) => authed(at.restaurant(restaurant.slug), { method: 'PUT', body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate({
      ...(Object.fromEntries(
        TEXTS.map((field) => [field, texts[field]?.trim() || null]),
      ) as RestaurantChange),
      theme,
      hours,
      allowed_origins: origins.split(/\s+/).filter(Boolean),
    });
  }

  return (
    <>
      <PageTitle>{t('page.settings')}</PageTitle>
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2.5, maxWidth: 760 }}>
        {TEXTS.map((field) => (
          <TextField
            key={field}
            label={t(`set.${field}`)}
            value={texts[field]}
            multiline={field === 'description'}
            onChange={(event) => setTexts({ ...texts, [field]: event.target.value })}
          />
        ))}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3 }}>
          {COLOURS.map(([name]) => (
            <Box
              component="label"
              key={name}
              sx={{ display: 'flex', gap: 1, alignItems: 'center', fontWeight: 700 }}
            >
              {t(`set.${name}`)}
              <input
                type="color"
                value={theme[name]}
                onChange={(event) => setTheme({ ...theme, [name]: event.target.value })}
              />
            </Box>
          ))}
        </Box>
        <Typography color="text.secondary" sx={{ mt: -1.5, fontSize: '.9rem' }}>
          {t('set.readable')}
        </Typography>
        <HoursEditor hours={hours} onChange={setHours} />
        <TextField
          label={t('set.origins')}
          placeholder="https://www.example.com"
          multiline
          minRows={2}
          value={origins}
          onChange={(event) => setOrigins(event.target.value)}
        />
        <Trouble error={save.error} />
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center' }}>
          <Button type="submit" variant="contained" disabled={save.isPending}>
            {t(save.isPending ? 'set.saving' : 'common.save')}
          </Button>
          <Typography role="status" color="success" sx={{ fontWeight: 700 }}>
            {save.isSuccess && t('set.saved')}
          </Typography>
        </Box>
      </Box>
      <WidgetHelp slug={restaurant.slug} />
    </>
  );
}
