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
import { languageOf, lastDays } from './words';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const PERIODS = [1, 7, 30] as const;

/** A sheet of paper is narrower than a screen, and has no need to scroll. */
const PRINTED_PAIRS = { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' } as const;

function Figures({ data, slug }: { data: Analytics; slug: string }) {
  const [t, locale] = [useDesk(), useLocale()];
  return (
    <Box sx={{ display: 'grid', gap: 4 }}>
      <Series data={data} />
      <Numbers data={data} slug={slug} />
      <Box
        sx={{
          display: 'grid',
          gap: 3,
          gridTemplateColumns: { md: 'minmax(0, 1fr) minmax(0, 1fr)' },
          '@media print': PRINTED_PAIRS,
        }}
      >
        <Shares title={t('stats.kinds')} shares={data.kinds} />
        <Shares title={t('stats.made')} shares={data.made} />
        <Shares
          title={t('stats.languages')}
          shares={data.languages}
          name={(tag) => languageOf(tag, locale)}
        />
        <Shares title={t('stats.gate_drops')} shares={data.gate_drops} />
      </Box>
      <Lost lost={data.lost} />
      <Dishes dishes={data.dishes} />
      <Allergens allergens={data.allergens} />
      <Reasons reasons={data.reasons} />
    </Box>
  );
}

/** On paper nothing else says which time is meant. */
function PrintedPeriod({ from, to, locale }: { from: string; to: string; locale: string }) {
  const day = (at: string) => new Date(at).toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' });
  return (
    <Box sx={{ display: 'none', mb: 2, fontWeight: 700, '@media print': { display: 'block' } }}>
      {day(from)} – {day(to)}
    </Box>
  );
}

/** What guests do and ask, drawn from numbers that can be recounted. */
export default function AnalyticsPage({ restaurant }: PageProps) {
  const [t, locale] = [useDesk(), useLocale()];
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
        lead={t('stats.lead')}
        actions={
          <Box
            role="group"
            aria-label={t('stats.period')}
            sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, '@media print': { display: 'none' } }}
          >
            {PERIODS.map((each) => (
              <Toggle key={each} on={each === days} onClick={() => show(each)}>
                {t('stats.days', { days: each })}
              </Toggle>
            ))}
            <Button onClick={() => window.print()}>{t('stats.print')}</Button>
          </Box>
        }
      >
        {t('page.analytics')}
      </PageTitle>
      <PrintedPeriod from={period.from} to={period.to} locale={locale} />
      <LiveBar slug={restaurant.slug} />
      <Trouble error={error} />
      {empty && (
        <Explain picture="📈" title={t('stats.none_title')} level="h2">
          {t('stats.none')}
        </Explain>
      )}
      {data && !empty && <Figures data={data} slug={restaurant.slug} />}
    </>
  );
}
