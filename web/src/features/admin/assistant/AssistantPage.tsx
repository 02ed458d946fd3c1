import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { AvatarConfig } from '../../../gen/types';
import { canSpeak } from '../../voice/recognition';
import { hush, say } from '../../voice/speech';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Trouble } from '../parts/Trouble';
import { at } from '../queries';
import { authed } from '../session/authed';
import { PreviewChat } from './PreviewChat';
import { useDesk } from '../words';

type Form = {
  name: string;
  greeting: string;
  tone: string;
  emoji: string;
  color: string;
  lang: string;
  rate: number;
  pitch: number;
};

const formOf = (avatar: AvatarConfig): Form => ({
  name: avatar.name ?? '',
  greeting: avatar.greeting ?? '',
  tone: avatar.tone ?? '',
  emoji: avatar.emoji ?? '',
  color: avatar.color ?? '#a3430f',
  lang: avatar.voice?.lang ?? 'en-US',
  rate: avatar.voice?.rate ?? 1,
  pitch: avatar.voice?.pitch ?? 1,
});

const orNull = (text: string) => text.trim() || null;

const changeOf = (form: Form) => ({
  name: orNull(form.name),
  greeting: orNull(form.greeting),
  tone: orNull(form.tone),
  emoji: orNull(form.emoji),
  color: form.color,
  voice: { lang: form.lang, rate: form.rate, pitch: form.pitch },
});

const TEXTS = [
  ['name', false],
  ['emoji', false],
  ['greeting', true],
  ['tone', true],
] as const;

const SLIDERS = [
  ['rate', 0.5, 2],
  ['pitch', 0, 2],
] as const;

/** Who the assistant is; guests meet it as soon as it is saved. */
export default function AssistantPage({ restaurant }: PageProps) {
  const t = useDesk();
  const queries = useQueryClient();
  const [form, setForm] = useState(() => formOf(restaurant.avatar_config));
  const save = useMutation({
    mutationFn: () =>
      authed(`${at.restaurant(restaurant.slug)}/avatar`, { method: 'PUT', body: changeOf(form) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }

  function hear() {
    hush();
    say(form.greeting || t('persona.hello', { name: form.name }), form, form.lang, () => undefined);
  }

  return (
    <>
      <PageTitle lead={t('persona.lead')}>{t('page.assistant')}</PageTitle>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { lg: 'minmax(0, 1fr) 400px' } }}>
        <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
          {TEXTS.map(([field, long]) => (
            <TextField
              key={field}
              label={t(`persona.${field}`)}
              value={form[field]}
              multiline={long}
              onChange={(event) => setForm({ ...form, [field]: event.target.value })}
            />
          ))}
          <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
            <Box component="label" sx={{ display: 'flex', gap: 1, alignItems: 'center', fontWeight: 700 }}>
              {t('persona.color')}
              <input
                type="color"
                value={form.color}
                onChange={(event) => setForm({ ...form, color: event.target.value })}
              />
            </Box>
            <TextField
              label={t('persona.lang')}
              value={form.lang}
              size="small"
              sx={{ width: 170 }}
              onChange={(event) => setForm({ ...form, lang: event.target.value })}
            />
          </Box>
          {SLIDERS.map(([field, min, max]) => (
            <Box component="label" key={field} sx={{ display: 'grid', gap: 0.5, fontWeight: 700 }}>
              {t(`persona.${field}`, { value: form[field].toFixed(2) })}
              <input
                type="range"
                min={min}
                max={max}
                step={0.05}
                value={form[field]}
                onChange={(event) => setForm({ ...form, [field]: Number(event.target.value) })}
              />
            </Box>
          ))}
          <Trouble error={save.error} />
          <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
            <Button type="submit" variant="contained" disabled={save.isPending} data-testid="save-avatar">
              {t(save.isPending ? 'set.saving' : 'common.save')}
            </Button>
            {canSpeak() && <Button onClick={hear}>{t('persona.hear')}</Button>}
            <Typography role="status" color="success" sx={{ fontWeight: 700 }}>
              {save.isSuccess && t('persona.saved')}
            </Typography>
          </Box>
        </Box>
        <PreviewChat
          restaurant={restaurant}
          look={{
            name: form.name || t('page.assistant'),
            greeting: form.greeting,
            emoji: form.emoji || '🍽️',
            color: form.color,
            voice: {},
          }}
        />
      </Box>
    </>
  );
}
