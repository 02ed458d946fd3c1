import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { LineChart } from '@mui/x-charts/LineChart';
import { useState } from 'react';
import { Toggle } from '../../../ui/Toggle';
import type { Analytics } from '../../../gen/types';
import { nameOf } from './words';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const LINES = ['messages', 'conversations', 'sessions', 'views', 'lost', 'thumbs_up', 'thumbs_down'] as const;
const COLOURS = ['#c4552d', '#d9952b', '#3f8f6b', '#5b8db8', '#b3407a', '#7aa644', '#8a6bb8'];

/** How it went over time, in the restaurant's own days and hours. */
export function Series({ data }: { data: Analytics }) {
  const [t, locale] = [useDesk(), useLocale()];
  const [shown, setShown] = useState<string[]>(['views', 'sessions', 'messages']);
  const hourly = data.by === 'hour';
  const label = (at: Date) =>
    at.toLocaleString(locale, {
      timeZone: data.timezone,
      ...(hourly ? { hour: '2-digit', hour12: false } : { day: 'numeric', month: 'short' }),
    });
  const lines = LINES.map((line, at) => ({ line, colour: COLOURS[at] ?? '#888' })).filter(({ line }) =>
    shown.includes(line),
  );
  const few = data.series.length < 40;
  return (
    <Box component="section" aria-label={t('stats.over_time')}>
      <Typography variant="h3" component="h2" sx={{ mb: 1 }}>
        {t('stats.over_time')}
      </Typography>
      <Box
        role="group"
        aria-label={t('stats.lines')}
        sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1, '@media print': { display: 'none' } }}
      >
        {LINES.map((line) => (
          <Toggle
            key={line}
            on={shown.includes(line)}
            onClick={() =>
              setShown(shown.includes(line) ? shown.filter((each) => each !== line) : [...shown, line])
            }
          >
            {nameOf(line, t)}
          </Toggle>
        ))}
      </Box>
      {data.series.length === 0 ? (
        <Typography color="text.secondary">{t('stats.none_here')}</Typography>
      ) : (
        <Box
          sx={{ border: 1, borderColor: 'divider', borderRadius: '20px', bgcolor: 'background.paper', p: 1 }}
        >
          <LineChart
            height={300}
            skipAnimation
            grid={{ horizontal: true }}
            margin={{ top: 16, right: 20, bottom: 4, left: 4 }}
            xAxis={[
              {
                data: data.series.map((point) => new Date(point.at)),
                scaleType: 'point',
                valueFormatter: label,
                label: t(hourly ? 'stats.axis_hours' : 'stats.axis_days', {
                  zone: data.timezone.replaceAll('_', ' '),
                }),
                height: 52,
              },
            ]}
            yAxis={[
              { min: 0, tickMinStep: 1, label: t(hourly ? 'stats.in_an_hour' : 'stats.in_a_day'), width: 56 },
            ]}
            series={lines.map(({ line, colour }) => ({
              data: data.series.map((point) => point[line]),
              label: nameOf(line, t),
              color: colour,
              curve: 'monotoneX',
              showMark: few,
            }))}
          />
        </Box>
      )}
    </Box>
  );
}
