import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { ItemChange, MenuItem } from '../../../gen/types';
import { Sheet } from '../../../ui/Sheet';
import type { Clash } from './conflict';
import type { Conflict } from './useEdits';
import { VERDICTS, type Verdict } from './allergenForm';
import { useDesk, type DeskWords } from '../words';

interface Props {
  conflict: Conflict;
  onSettle: (now: MenuItem, change: ItemChange) => void;
  onClose: () => void;
}

const FIELDS = [
  'name',
  'price',
  'description',
  'image_url',
  'tags',
  'spice_level',
  'is_signature',
  'is_available',
  'allergen_info',
  'ingredients',
  'display_order',
] as const;

const isField = (name: string): name is (typeof FIELDS)[number] => FIELDS.some((each) => each === name);
const isVerdict = (name: string): name is Verdict => VERDICTS.some((each) => each === name);

function words(value: unknown, t: DeskWords): string {
  if (value === null || value === undefined || value === '') return t('conflict.empty');
  if (Array.isArray(value)) return value.length ? value.join(', ') : t('conflict.none');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${isVerdict(key) ? t(`verdict.${key}`) : key}: ${words(each, t)}`)
    .join('; ');
}

function ClashRow({ clash, mine, onPick }: { clash: Clash; mine: boolean; onPick: (mine: boolean) => void }) {
  const t = useDesk();
  return (
    <Box
      component="fieldset"
      sx={{ border: 1, borderColor: 'divider', borderRadius: '16px', p: 2 }}
      data-testid="clash"
    >
      <Typography component="legend" sx={{ fontWeight: 800, px: 1 }}>
        {isField(clash.field) ? t(`field.${clash.field}`) : clash.field}
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: '.9rem' }}>
        {t('conflict.before', { value: words(clash.before, t) })}
      </Typography>
      {[true, false].map((own) => (
        <Box
          component="label"
          key={String(own)}
          sx={{ display: 'flex', gap: 1, minHeight: 36, alignItems: 'center', cursor: 'pointer' }}
        >
          <input type="radio" name={clash.field} checked={mine === own} onChange={() => onPick(own)} />
          <span>
            <b>{t(own ? 'conflict.mine' : 'conflict.theirs')}</b>: {words(own ? clash.mine : clash.theirs, t)}
          </span>
        </Box>
      ))}
    </Box>
  );
}

/** Somebody else saved the same dish first: shows each field that both changed, and lets one choose. */
export function ConflictDialog({ conflict, onSettle, onClose }: Props) {
  const t = useDesk();
  const [mine, setMine] = useState<Record<string, boolean>>({});
  const { now, clean, clashes } = conflict;

  function settle() {
    const chosen = clashes.filter((clash) => mine[clash.field]).map((clash) => [clash.field, clash.mine]);
    onSettle(now, { ...clean, ...(Object.fromEntries(chosen) as ItemChange) });
  }

  return (
    <Sheet label={t('conflict.title')} onClose={onClose} testId="conflict">
      <Box sx={{ p: 3, display: 'grid', gap: 2 }}>
        <Typography variant="h2">{t('conflict.title')}</Typography>
        <Typography>{t('conflict.lead', { name: now.name })}</Typography>
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
            {t('conflict.save')}
          </Button>
          <Button onClick={onClose}>{t('conflict.drop')}</Button>
        </Box>
      </Box>
    </Sheet>
  );
}
