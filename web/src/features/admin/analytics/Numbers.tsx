import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { Analytics, AnalyticsNumber } from '../../../gen/types';
import { RowsBehind } from './RowsBehind';
import { GROUPS, nameOf, newsOf, trend, valueOf } from './words';
import { useLocale } from '../../../i18n/i18n';
import { useDesk, type DeskKey } from '../words';

interface TileProps {
  label: string;
  value: string;
  note?: string | null;
  news?: -1 | 0 | 1;
  on?: boolean;
  onOpen?: (() => void) | undefined;
}

const NEWS = { '1': 'success.main', '0': 'text.secondary', '-1': 'error.main' } as const;

function Tile({ label, value, note, news = 0, on = false, onOpen }: TileProps) {
  return (
    <ButtonBase
      disabled={!onOpen}
      aria-pressed={onOpen && on}
      onClick={onOpen}
      data-testid="figure"
      sx={{
        display: 'grid',
        placeContent: 'start stretch',
        placeItems: 'start',
        textAlign: 'start',
        p: 1.75,
        borderRadius: '20px',
        border: '1.5px solid',
        borderColor: on ? 'primary.main' : 'divider',
        bgcolor: 'background.paper',
        fontFamily: 'inherit',
        '&:hover': { borderColor: 'primary.main' },
        '@media print': { breakInside: 'avoid' },
      }}
    >
      <Typography color="text.secondary" sx={{ fontWeight: 700, fontSize: '.92rem' }}>
        {label}
      </Typography>
      <Typography
        sx={{ fontSize: '1.8rem', fontWeight: 800, lineHeight: 1.15, fontVariantNumeric: 'tabular-nums' }}
        color="primary"
      >
        {value}
      </Typography>
      {note && (
        <Typography color={NEWS[`${news}`]} sx={{ fontSize: '.85rem', fontWeight: 700 }}>
          {note}
        </Typography>
      )}
    </ButtonBase>
  );
}

const time = (ms: number | null) =>
  ms === null ? '–' : ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;

const GRID = {
  display: 'grid',
  gap: 1.25,
  gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, max(140px, 100%/7)), 1fr))',
} as const;

function Times({ data }: { data: Analytics }) {
  const t = useDesk();
  if (data.answer_time.n === 0) return null;
  return (
    <>
      <Tile
        label={t('stats.first_word')}
        value={time(data.first_token.p50)}
        note={t('stats.within', { time: time(data.first_token.p95) })}
      />
      <Tile
        label={t('stats.whole_answer')}
        value={time(data.answer_time.p50)}
        note={t('stats.within', { time: time(data.answer_time.p95) })}
      />
    </>
  );
}

function grouped(numbers: AnalyticsNumber[]): { title: DeskKey; numbers: AnalyticsNumber[] }[] {
  const named = GROUPS.flatMap(({ metrics }) => metrics);
  return GROUPS.map(({ title, metrics }, at) => ({
    title,
    numbers: [
      ...metrics.flatMap((metric) => numbers.filter((each) => each.metric === metric)),
      ...(at === GROUPS.length - 1 ? numbers.filter(({ metric }) => !named.includes(metric)) : []),
    ],
  }));
}

/** The figures of a period, each against the one before; a tap shows the rows that it counts. */
export function Numbers({ data, slug }: { data: Analytics; slug: string }) {
  const [t, locale] = [useDesk(), useLocale()];
  const [metric, setMetric] = useState<string | null>(null);
  const groups = grouped(data.numbers);
  return (
    <Box sx={{ display: 'grid', gap: 2.5 }}>
      {groups.map(({ title, numbers }, at) => (
        <Box component="section" key={title} aria-label={t(title)}>
          <Typography variant="h3" component="h2" sx={{ mb: 1 }}>
            {t(title)}
          </Typography>
          <Box sx={GRID}>
            {numbers.map((each) => (
              <Tile
                key={each.metric}
                label={nameOf(each.metric, t)}
                value={valueOf(each.metric, each.value, locale)}
                note={trend(each.value, each.before)}
                news={newsOf(each.metric, each.value, each.before)}
                on={metric === each.metric}
                onOpen={() => setMetric(metric === each.metric ? null : each.metric)}
              />
            ))}
            {at === groups.length - 1 && <Times data={data} />}
          </Box>
          {numbers.some((each) => each.metric === metric) && metric && (
            <RowsBehind key={metric} slug={slug} metric={metric} from={data.from} to={data.to} />
          )}
        </Box>
      ))}
    </Box>
  );
}
