import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { spansOf, WEEKDAYS, type Weekday } from '../../menu/hours';
import { useLocale } from '../../../i18n/i18n';
import { dayName } from '../../menu/Hours';
import { useDesk } from '../words';

const SPAN = /^(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)$/;

const wordsOf = (hours: unknown, day: Weekday) =>
  spansOf(hours, day)
    .map((span) => `${span.from}-${span.to}`)
    .join(', ');

/** "12:00-14:30, 18:00-22:00"; undefined when it is not that. */
export function parseSpans(text: string): { from: string; to: string }[] | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const spans = parts.map((part) => SPAN.exec(part));
  return spans.every((span) => span !== null)
    ? spans.map((span) => ({ from: span?.[1] ?? '', to: span?.[2] ?? '' }))
    : undefined;
}

/** Opening hours, a line a day; empty is closed. */
export function HoursEditor({ hours, onChange }: { hours: unknown; onChange: (hours: unknown) => void }) {
  const [t, locale] = [useDesk(), useLocale()];
  const [lines, setLines] = useState(() =>
    Object.fromEntries(WEEKDAYS.map((day) => [day, wordsOf(hours, day)])),
  );

  function set(day: Weekday, text: string) {
    const next = { ...lines, [day]: text };
    setLines(next);
    const spans = WEEKDAYS.map((each) => [each, parseSpans(next[each] ?? '')] as const);
    if (spans.every(([, parsed]) => parsed)) onChange(Object.fromEntries(spans));
  }

  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="h3" component="h2">
        {t('set.hours')}
      </Typography>
      <Typography color="text.secondary">{t('set.hours_lead')}</Typography>
      {WEEKDAYS.map((day) => {
        const wrong = parseSpans(lines[day] ?? '') === undefined;
        return (
          <TextField
            key={day}
            size="small"
            label={dayName(day, locale)}
            value={lines[day]}
            error={wrong}
            helperText={wrong ? t('set.hours_wrong') : undefined}
            onChange={(event) => set(day, event.target.value)}
          />
        );
      })}
    </Box>
  );
}
