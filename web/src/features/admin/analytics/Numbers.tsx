import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import ButtonBase from '@mui/material/ButtonBase';
import type { Analytics } from '../../../gen/types';
import { RowsBehind } from './RowsBehind';
import { nameOf, trend } from './words';

function Tile({
  label,
  value,
  note,
  onOpen,
}: {
  label: string;
  value: string;
  note: string | null;
  onOpen: (() => void) | undefined;
}) {
  return (
    <ButtonBase
      disabled={!onOpen}
      onClick={onOpen}
      data-testid="figure"
      sx={{
        display: 'grid',
        justifyItems: 'start',
        textAlign: 'start',
        p: 2,
        borderRadius: '20px',
        border: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        fontFamily: 'inherit',
      }}
    >
      <Typography color="text.secondary" sx={{ fontWeight: 700 }}>
        {label}
      </Typography>
      <Typography sx={{ fontSize: '2rem', fontWeight: 800, lineHeight: 1.1 }} color="primary">
        {value}
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: '.85rem', minHeight: '1.3em' }}>
        {note}
      </Typography>
    </ButtonBase>
  );
}

const time = (ms: number | null) =>
  ms === null ? '–' : ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;

/** The figures of a period, each against the one before; a tap shows the rows that it counts. */
export function Numbers({ data, slug }: { data: Analytics; slug: string }) {
  const [metric, setMetric] = useState<string | null>(null);
  const compared = (value: number, before: number) => {
    const change = trend(value, before);
    return change && `${change} against the time before`;
  };
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'repeat(auto-fill, minmax(180px, 1fr))' }}>
        {data.numbers.map((each) => (
          <Tile
            key={each.metric}
            label={nameOf(each.metric)}
            value={each.value.toLocaleString()}
            note={compared(each.value, each.before)}
            onOpen={() => setMetric(metric === each.metric ? null : each.metric)}
          />
        ))}
        <Tile
          label="First word after"
          value={time(data.first_token.p50)}
          note={`95 % within ${time(data.first_token.p95)}`}
          onOpen={undefined}
        />
        <Tile
          label="Whole answer after"
          value={time(data.answer_time.p50)}
          note={`95 % within ${time(data.answer_time.p95)}`}
          onOpen={undefined}
        />
      </Box>
      {metric && <RowsBehind slug={slug} metric={metric} from={data.from} to={data.to} />}
    </Box>
  );
}
