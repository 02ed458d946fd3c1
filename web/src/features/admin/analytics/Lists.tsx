import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import Button from '@mui/material/Button';
import { useState, type ReactNode } from 'react';
import type { Analytics } from '../../../gen/types';
import { nameOf } from './words';
import { useT } from '../../../i18n/i18n';
import { allergenName } from '../../menu/allergens';
import { useDesk } from '../words';

/** As many rows as can be read at a glance. */
const SHOWN = 8;

function Table({
  title,
  lead,
  heads,
  rows,
}: {
  title: string;
  lead: string;
  heads: string[];
  rows: ReactNode[][];
}) {
  const t = useDesk();
  const [all, setAll] = useState(false);
  return (
    <Box component="section" sx={{ '@media print': { breakInside: 'avoid' } }}>
      <Typography variant="h3" component="h2">
        {title}
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 1 }}>
        {rows.length > 0 ? lead : t('stats.none_here')}
      </Typography>
      {rows.length > 0 && (
        <Box
          tabIndex={0}
          role="region"
          aria-label={title}
          sx={{ overflowX: 'auto', border: 1, borderColor: 'divider', borderRadius: '18px' }}
        >
          <Box
            component="table"
            sx={{
              width: '100%',
              borderCollapse: 'collapse',
              '& td, & th': {
                p: 1.25,
                textAlign: 'start',
                overflowWrap: 'normal',
                borderBottom: 1,
                borderColor: 'divider',
              },
              '& th': { whiteSpace: 'nowrap' },
            }}
          >
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, all ? rows.length : SHOWN).map((row, at) => (
                <tr key={at}>
                  {row.map((cell, place) => (
                    <td key={place}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Box>
        </Box>
      )}
      {rows.length > SHOWN && !all && (
        <Button onClick={() => setAll(true)}>{t('stats.all', { count: rows.length })}</Button>
      )}
    </Box>
  );
}

export function Lost({ lost }: Pick<Analytics, 'lost'>) {
  const t = useDesk();
  return (
    <Table
      title={t('metric.lost')}
      lead={t('lost.lead')}
      heads={[t('lost.what'), t('lost.why'), t('lost.often'), t('lost.words')]}
      rows={lost.map((each) => [
        nameOf(each.what, t),
        nameOf(each.reason, t),
        each.value,
        each.samples.map((words) => `“${words}”`).join(' '),
      ])}
    />
  );
}

export function Dishes({ dishes }: Pick<Analytics, 'dishes'>) {
  const t = useDesk();
  return (
    <Table
      title={t('dishes.title')}
      lead={t('dishes.lead')}
      heads={[t('dishes.dish'), t('dishes.seen'), t('dishes.asked'), t('dishes.recommended')]}
      rows={dishes.map((each) => [each.item ?? t('dishes.gone'), each.seen, each.asked, each.recommended])}
    />
  );
}

export function Allergens({ allergens }: Pick<Analytics, 'allergens'>) {
  const [t, words] = [useDesk(), useT()];
  return (
    <Table
      title={t('asked.title')}
      lead={t('asked.lead')}
      heads={[t('dishes.dish'), t('asked.allergen'), t('asked.asked'), t('asked.unknown')]}
      rows={allergens.map((each) => [
        each.item ?? '–',
        allergenName(words, each.allergen),
        each.asked,
        each.unknown,
      ])}
    />
  );
}

export function Reasons({ reasons }: Pick<Analytics, 'reasons'>) {
  const t = useDesk();
  return (
    <Table
      title={t('reasons.title')}
      lead={t('reasons.lead')}
      heads={[t('reasons.reason')]}
      rows={reasons.map((each) => [nameOf(each, t)])}
    />
  );
}
