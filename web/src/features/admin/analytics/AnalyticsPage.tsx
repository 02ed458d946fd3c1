import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { Explain } from '../../../ui/Explain';
import { Toggle } from '../../../ui/Toggle';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Trouble } from '../parts/Trouble';
import type { Analytics } from '../../../gen/types';
import { at, useGet } from '../queries';
import { Allergens, Dishes, Lost, Reasons } from './Lists';
import { LiveBar } from './LiveBar';
import { Numbers } from './Numbers';
import { Series } from './Series';
import { Shares } from './Shares';
import { lastDays } from './words';

const PERIODS = [
  [1, 'Today'],
  [7, '7 days'],
  [30, '30 days'],
] as const;

function Figures({ data, slug }: { data: Analytics; slug: string }) {
  return (
    <Box sx={{ display: 'grid', gap: 4 }}>
      <Series data={data} />
      <Numbers data={data} slug={slug} />
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { md: 'minmax(0, 1fr) minmax(0, 1fr)' } }}>
        <Shares title="What they ask about" shares={data.kinds} />
        <Shares title="How answers were made" shares={data.made} />
        <Shares title="Languages" shares={data.languages} />
        <Shares title="Sentences that the gate held back" shares={data.gate_drops} />
      </Box>
      <Lost lost={data.lost} />
      <Dishes dishes={data.dishes} />
      <Allergens allergens={data.allergens} />
      <Reasons reasons={data.reasons} />
    </Box>
  );
}

/** What guests do and ask, drawn from numbers that can be recounted. */
export default function AnalyticsPage({ restaurant }: PageProps) {
  const [days, setDays] = useState(7);
  const [period, setPeriod] = useState(() => lastDays(7));
  const query = new URLSearchParams({ ...period, by: days === 1 ? 'hour' : 'day' });
  const { data, error } = useGet<Analytics>(at.chat(restaurant.slug, `analytics?${query}`));
  const empty = data?.numbers.every((each) => each.value === 0) ?? false;

  function show(chosen: number) {
    setDays(chosen);
    setPeriod(lastDays(chosen));
  }

  return (
    <>
      <PageTitle
        lead="Against the time before. Tap a number for the rows that it counts."
        actions={
          <Box
            role="group"
            aria-label="Period"
            sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, '@media print': { display: 'none' } }}
          >
            {PERIODS.map(([each, label]) => (
              <Toggle key={each} on={each === days} onClick={() => show(each)}>
                {label}
              </Toggle>
            ))}
            <Button onClick={() => window.print()}>Print</Button>
          </Box>
        }
      >
        Analytics
      </PageTitle>
      <LiveBar slug={restaurant.slug} />
      <Trouble error={error} />
      {empty && (
        <Explain picture="📈" title="Nothing to count yet" level="h2">
          No guest came in this time. Share the address of your page, or look at a longer time.
        </Explain>
      )}
      {data && !empty && <Figures data={data} slug={restaurant.slug} />}
    </>
  );
}
