import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { ImportLine, ImportState } from '../../../gen/types';
import { Toggle } from '../../../ui/Toggle';
import { Pager } from '../parts/Pager';
import { changesOf, newWords, notesOf } from './rowWords';
import { useRows, type Outcome } from './useImport';
import { useDesk } from '../words';

const LIMIT = 50;

const OUTCOMES: [Outcome, string][] = [
  ['all', '📋'],
  ['create', '🌱'],
  ['update', '✏️'],
  ['unchanged', '💤'],
  ['remove', '🧹'],
  ['error', '⛔'],
  ['warning', '⚠️'],
];

function What({ line }: { line: ImportLine }) {
  return (
    <>
      {changesOf(line).map((change) => (
        <div key={change.field}>
          <b>{change.field}</b>: <del>{change.before}</del> → <ins>{change.after}</ins>
        </div>
      ))}
      {line.outcome === 'create' && newWords(line)}
      {notesOf(line.notes).map((note) => (
        <Typography
          key={note.code + note.message}
          color={note.severity === 'error' ? 'error' : 'warning'}
          sx={{ fontSize: 'inherit', fontWeight: 700 }}
        >
          {note.message}
        </Typography>
      ))}
    </>
  );
}

const ICONS: Record<string, string> = Object.fromEntries(OUTCOMES);

/** What the import would do, row by row, filtered by what becomes of each. */
export function PreviewRows({ state }: { state: ImportState }) {
  const t = useDesk();
  const [outcome, setOutcome] = useState<Outcome>('all');
  const [offset, setOffset] = useState(0);
  const { data } = useRows(state.id, state.status, outcome, offset, LIMIT);
  const counts = state.counts;
  const countOf = (which: Outcome) =>
    which === 'all'
      ? counts.create + counts.update + counts.unchanged + counts.remove + counts.error
      : counts[which];

  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box role="group" aria-label={t('preview.which')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {OUTCOMES.filter(([which]) => which === 'all' || countOf(which) > 0).map(([which, icon]) => (
          <Toggle
            key={which}
            icon={icon}
            on={which === outcome}
            onClick={() => {
              setOutcome(which);
              setOffset(0);
            }}
          >
            {countOf(which)} {t(`outcome.${which}`)}
          </Toggle>
        ))}
      </Box>
      <Box
        sx={{ overflowX: 'auto', border: 1, borderColor: 'divider', borderRadius: '18px' }}
        tabIndex={0}
        role="region"
        aria-label={t('preview.rows')}
      >
        <Box
          component="table"
          data-testid="preview-rows"
          sx={{
            width: '100%',
            borderCollapse: 'collapse',
            fontSize: '.92rem',
            '& td, & th': {
              p: 1.25,
              textAlign: 'start',
              verticalAlign: 'top',
              overflowWrap: 'normal',
              borderBottom: 1,
              borderColor: 'divider',
            },
          }}
        >
          <thead>
            <tr>
              <th scope="col">{t('preview.line')}</th>
              <th scope="col">{t('preview.becomes')}</th>
              <th scope="col">{t('preview.dish')}</th>
              <th scope="col">{t('preview.what')}</th>
            </tr>
          </thead>
          <tbody>
            {data?.rows.map((line) => (
              <tr key={line.number}>
                <td>{line.line ?? '–'}</td>
                <td>
                  {ICONS[line.outcome]} {t(`outcome.${line.outcome}`)}
                </td>
                <td>
                  <b dir="auto">{line.name ?? '–'}</b>
                  <Typography color="text.secondary" sx={{ fontSize: '.85rem' }}>
                    {line.category}
                  </Typography>
                </td>
                <td>
                  <What line={line} />
                </td>
              </tr>
            ))}
          </tbody>
        </Box>
      </Box>
      <Pager offset={offset} limit={LIMIT} total={data?.total ?? 0} onMove={setOffset} />
    </Box>
  );
}
