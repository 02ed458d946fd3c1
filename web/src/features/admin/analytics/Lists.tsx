import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import Button from '@mui/material/Button';
import { useState, type ReactNode } from 'react';
import type { Analytics } from '../../../gen/types';
import { nameOf } from './words';

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
  const [all, setAll] = useState(false);
  return (
    <Box component="section">
      <Typography variant="h3" component="h2">
        {title}
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 1 }}>
        {rows.length > 0 ? lead : 'Nothing in this time.'}
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
      {rows.length > SHOWN && !all && <Button onClick={() => setAll(true)}>All {rows.length}</Button>}
    </Box>
  );
}

export const Lost = ({ lost }: Pick<Analytics, 'lost'>) => (
  <Table
    title="Asked for in vain"
    lead="What guests wanted and could not have."
    heads={['What', 'Why', 'How often', 'In their words']}
    rows={lost.map((each) => [
      nameOf(each.what),
      nameOf(each.reason),
      each.value,
      each.samples.map((words) => `“${words}”`).join(' '),
    ])}
  />
);

export const Dishes = ({ dishes }: Pick<Analytics, 'dishes'>) => (
  <Table
    title="Dishes"
    lead="From seen, to asked about, to recommended."
    heads={['Dish', 'Seen', 'Asked about', 'Recommended']}
    rows={dishes.map((each) => [
      each.item ?? 'not on the menu any more',
      each.seen,
      each.asked,
      each.recommended,
    ])}
  />
);

export const Allergens = ({ allergens }: Pick<Analytics, 'allergens'>) => (
  <Table
    title="Allergens that were asked about"
    lead="Where nobody knew, a review of the dish would help."
    heads={['Dish', 'Allergen', 'Asked', 'Nobody knew']}
    rows={allergens.map((each) => [each.item ?? '–', nameOf(each.allergen), each.asked, each.unknown])}
  />
);

export const Reasons = ({ reasons }: Pick<Analytics, 'reasons'>) => (
  <Table
    title="Why thumbs went down"
    lead="The newest reasons."
    heads={['Reason']}
    rows={reasons.map((each) => [nameOf(each)])}
  />
);
