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
  ['name', 'Its name', false],
  ['emoji', 'Its face, an emoji', false],
  ['greeting', 'How it greets', true],
  ['tone', 'Its tone: how it talks, in your words', true],
] as const;

const SLIDERS = [
  ['rate', 'Pace of the voice', 0.5, 2],
  ['pitch', 'Pitch of the voice', 0, 2],
] as const;

/** Who the assistant is; guests meet it as soon as it is saved. */
export default function AssistantPage({ restaurant }: PageProps) {
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
    say(form.greeting || `Hello, I am ${form.name}.`, form, form.lang, () => undefined);
  }

  return (
    <>
      <PageTitle lead="A face, a voice and a manner. Facts about dishes always come from the menu, whatever its tone.">
        Assistant
      </PageTitle>
      <Box sx={{ display: 'grid', gap: 4, gridTemplateColumns: { lg: 'minmax(0, 1fr) 400px' } }}>
        <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
          {TEXTS.map(([field, label, long]) => (
            <TextField
              key={field}
              label={label}
              value={form[field]}
              multiline={long}
              onChange={(event) => setForm({ ...form, [field]: event.target.value })}
            />
          ))}
          <Box sx={{ display: 'flex', gap: 2, flexWrap: 'wrap', alignItems: 'center' }}>
            <Box component="label" sx={{ display: 'flex', gap: 1, alignItems: 'center', fontWeight: 700 }}>
              Its colour
              <input
                type="color"
                value={form.color}
                onChange={(event) => setForm({ ...form, color: event.target.value })}
              />
            </Box>
            <TextField
              label="Language of the voice"
              value={form.lang}
              size="small"
              sx={{ width: 170 }}
              onChange={(event) => setForm({ ...form, lang: event.target.value })}
            />
          </Box>
          {SLIDERS.map(([field, label, min, max]) => (
            <Box component="label" key={field} sx={{ display: 'grid', gap: 0.5, fontWeight: 700 }}>
              {label}: {form[field].toFixed(2)}
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
              {save.isPending ? 'Saving…' : 'Save'}
            </Button>
            {canSpeak() && <Button onClick={hear}>Hear it</Button>}
            <Typography role="status" color="success" sx={{ fontWeight: 700 }}>
              {save.isSuccess && 'Saved. Guests meet it now.'}
            </Typography>
          </Box>
        </Box>
        <PreviewChat
          restaurant={restaurant}
          look={{
            name: form.name || 'Assistant',
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
