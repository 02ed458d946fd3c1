import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Pager } from '../parts/Pager';
import { Trouble } from '../parts/Trouble';
import type { AnalyticsRow } from '../../../gen/types';
import { at, useList } from '../queries';
import { nameOf } from './words';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const LIMIT = 20;

/** The rows that a number counts. */
export function RowsBehind({
  slug,
  metric,
  from,
  to,
}: {
  slug: string;
  metric: string;
  from: string;
  to: string;
}) {
  const [t, locale] = [useDesk(), useLocale()];
  const [offset, setOffset] = useState(0);
  const query = new URLSearchParams({ metric, from, to });
  const { data, error } = useList<AnalyticsRow>(at.chat(slug, `analytics/rows?${query}`), offset, LIMIT);
  return (
    <Box
      component="section"
      data-testid="rows-behind"
      sx={{ mt: 1.25, p: 2, borderRadius: '20px', border: '1.5px dashed', borderColor: 'divider' }}
    >
      <Typography variant="h3" component="h2">
        {t('stats.behind', { name: nameOf(metric, t) })}
      </Typography>
      <Trouble error={error} />
      <Box component="ul" sx={{ paddingInlineStart: 2.5 }}>
        {data?.rows.map((row) => (
          <li key={row.id}>
            {[new Date(row.at).toLocaleString(locale), nameOf(row.type, t), row.item]
              .filter(Boolean)
              .join(' · ')}{' '}
            {row.conversation_id && (
              <Link href={`/admin/${slug}/conversations?id=${row.conversation_id}`}>
                {t('stats.conversation')}
              </Link>
            )}
          </li>
        ))}
      </Box>
      <Pager offset={offset} limit={LIMIT} total={data?.total ?? 0} onMove={setOffset} />
    </Box>
  );
}
