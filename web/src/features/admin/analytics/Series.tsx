import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { LineChart } from '@mui/x-charts/LineChart';
import { useState } from 'react';
import { Toggle } from '../../../ui/Toggle';
import type { Analytics } from '../../../gen/types';
import { nameOf } from './words';

const LINES = ['messages', 'conversations', 'sessions', 'views', 'lost', 'thumbs_up', 'thumbs_down'] as const;
const COLOURS = ['#c4552d', '#f2b544', '#3f8f6b', '#5b8db8', '#b3407a', '#7aa644', '#8a6bb8'];

/** How it went over time. */
export function Series({ data }: { data: Analytics }) {
  const [shown, setShown] = useState<string[]>(['messages', 'sessions']);
  const locale = undefined;
  const label = (at: Date) =>
    at.toLocaleString(locale, data.by === 'hour' ? { hour: '2-digit' } : { day: 'numeric', month: 'short' });
  const lines = LINES.map((line, at) => ({ line, colour: COLOURS[at] ?? '#888' })).filter(({ line }) =>
    shown.includes(line),
  );
  return (
    <Box component="section" aria-label="Over time">
      <Box role="group" aria-label="Lines" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1 }}>
        {LINES.map((line) => (
          <Toggle
            key={line}
            on={shown.includes(line)}
            onClick={() =>
              setShown(shown.includes(line) ? shown.filter((each) => each !== line) : [...shown, line])
            }
          >
            {nameOf(line)}
          </Toggle>
        ))}
      </Box>
      {data.series.length === 0 ? (
        <Typography color="text.secondary">No points in this time.</Typography>
      ) : (
        <LineChart
          height={280}
          skipAnimation
          xAxis={[
            {
              data: data.series.map((point) => new Date(point.at)),
              scaleType: 'point',
              valueFormatter: label,
            },
          ]}
          yAxis={[{ min: 0 }]}
          series={lines.map(({ line, colour }) => ({
            data: data.series.map((point) => point[line]),
            label: nameOf(line),
            color: colour,
            showMark: data.series.length < 40,
          }))}
        />
      )}
    </Box>
  );
}
