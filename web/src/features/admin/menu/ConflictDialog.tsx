import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { ItemChange, MenuItem } from '../../../gen/types';
import { Sheet } from '../../../ui/Sheet';
import type { Clash } from './conflict';
import type { Conflict } from './useEdits';

interface Props {
  conflict: Conflict;
  onSettle: (now: MenuItem, change: ItemChange) => void;
  onClose: () => void;
}

function words(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (Array.isArray(value)) return value.length ? value.join(', ') : 'none';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key.replaceAll('_', ' ')}: ${words(each)}`)
    .join('; ');
}

function ClashRow({ clash, mine, onPick }: { clash: Clash; mine: boolean; onPick: (mine: boolean) => void }) {
  return (
    <Box
      component="fieldset"
      sx={{ border: 1, borderColor: 'divider', borderRadius: '16px', p: 2 }}
      data-testid="clash"
    >
      <Typography component="legend" sx={{ fontWeight: 800, px: 1 }}>
        {clash.field.replaceAll('_', ' ')}
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: '.9rem' }}>
        before: {words(clash.before)}
      </Typography>
      {[true, false].map((own) => (
        <Box
          component="label"
          key={String(own)}
          sx={{ display: 'flex', gap: 1, minHeight: 36, alignItems: 'center', cursor: 'pointer' }}
        >
          <input type="radio" name={clash.field} checked={mine === own} onChange={() => onPick(own)} />
          <span>
            <b>{own ? 'Mine' : 'Theirs'}</b>: {words(own ? clash.mine : clash.theirs)}
          </span>
        </Box>
      ))}
    </Box>
  );
}

/** Somebody else saved the same dish first: shows each field that both changed, and lets one choose. */
export function ConflictDialog({ conflict, onSettle, onClose }: Props) {
  const [mine, setMine] = useState<Record<string, boolean>>({});
  const { now, clean, clashes } = conflict;

  function settle() {
    const chosen = clashes.filter((clash) => mine[clash.field]).map((clash) => [clash.field, clash.mine]);
    onSettle(now, { ...clean, ...(Object.fromEntries(chosen) as ItemChange) });
  }

  return (
    <Sheet label="Somebody else saved first" onClose={onClose} testId="conflict">
      <Box sx={{ p: 3, display: 'grid', gap: 2 }}>
        <Typography variant="h2">Somebody else saved first</Typography>
        <Typography>
          While you were editing <b>{now.name}</b>, it was changed by somebody else. Nothing is lost: choose
          what shall stand.
        </Typography>
        {clashes.map((clash) => (
          <ClashRow
            key={clash.field}
            clash={clash}
            mine={mine[clash.field] ?? false}
            onPick={(own) => setMine({ ...mine, [clash.field]: own })}
          />
        ))}
        <Box sx={{ display: 'flex', gap: 1 }}>
          <Button variant="contained" data-testid="settle" onClick={settle}>
            Save this
          </Button>
          <Button onClick={onClose}>Drop my change</Button>
        </Box>
      </Box>
    </Sheet>
  );
}
