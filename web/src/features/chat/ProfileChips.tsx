import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import ButtonBase from '@mui/material/ButtonBase';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useT } from '../../i18n/i18n';
import { allergenName } from '../menu/allergens';
import type { ChatClient } from './client';

interface Entry {
  kind: 'allergy' | 'diet';
  value: string;
}

/** What the assistant keeps in mind about the guest. A tap asks whether to forget it; only then it is forgotten. */
export function ProfileChips({ client }: { client: ChatClient }) {
  const t = useT();
  const profile = useStore(client.store, (view) => view.chat.profile);
  const [asked, setAsked] = useState<Entry | null>(null);
  const entries: Entry[] = [
    ...profile.allergies.map((value) => ({ kind: 'allergy', value }) as const),
    ...profile.diets.map((value) => ({ kind: 'diet', value }) as const),
  ];
  if (entries.length === 0) return null;

  const nameOf = ({ kind, value }: Entry) =>
    kind === 'allergy' ? t('profile.allergy', { name: allergenName(t, value) }) : value;

  function forget(entry: Entry) {
    client.forget(entry.kind, entry.value);
    setAsked(null);
  }

  return (
    <Box data-testid="profile" sx={{ px: 2, py: 1, borderBottom: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, alignItems: 'center' }}>
        <Typography sx={{ fontSize: '.85rem', fontWeight: 800 }} color="text.secondary">
          {t('profile.title')}
        </Typography>
        {entries.map((entry) => (
          <ButtonBase
            key={entry.kind + entry.value}
            data-testid="profile-chip"
            aria-label={t('profile.remove', { name: nameOf(entry) })}
            onClick={() => setAsked(entry)}
            sx={{
              minHeight: 32,
              px: 1.25,
              gap: 0.75,
              borderRadius: 99,
              fontFamily: 'inherit',
              fontWeight: 700,
              fontSize: '.88rem',
              border: '1.5px solid',
              borderColor: 'secondary.main',
              color: 'secondary.main',
            }}
          >
            {nameOf(entry)} <span aria-hidden>✕</span>
          </ButtonBase>
        ))}
      </Box>
      {asked && (
        <Box role="alertdialog" aria-label={t('profile.remove', { name: nameOf(asked) })} sx={{ pt: 1 }}>
          <Typography sx={{ fontSize: '.92rem' }}>{t('profile.confirm', { name: nameOf(asked) })}</Typography>
          <Button size="small" data-testid="profile-forget" onClick={() => forget(asked)}>
            {t('profile.forget')}
          </Button>
          <Button size="small" autoFocus onClick={() => setAsked(null)}>
            {t('profile.keep')}
          </Button>
        </Box>
      )}
    </Box>
  );
}
