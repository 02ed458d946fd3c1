import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState, type FormEvent } from 'react';
import type { ItemChange, MenuItem } from '../../../gen/types';
import { fieldErrors } from '../session/authed';
import { AllergenEditor } from './AllergenEditor';
import { changeOf, formOf, parsePrice } from './itemForm';
import { useLocale } from '../../../i18n/i18n';
import { useDesk, type DeskWords } from '../words';

interface Props {
  item: MenuItem;
  onSave: (change: ItemChange) => Promise<unknown>;
  onDelete: () => Promise<unknown>;
  onClose: () => void;
}

const FIELDS = [
  ['name', 'dish.name', 100],
  ['price', 'dish.price_or_market', 12],
  ['description', 'dish.description', 500],
  ['image_url', 'dish.image_url', 2000],
  ['tags', 'dish.tags', 500],
  ['spice_level', 'dish.spice_level', 1],
] as const;

function reviewWords(item: MenuItem, t: DeskWords, locale: string): string {
  const { reviewed_at, reviewed_by } = item.allergen_info;
  if (!reviewed_at) return t('dish.never_reviewed');
  const date = new Date(reviewed_at).toLocaleDateString(locale, { dateStyle: 'medium' });
  return reviewed_by ? t('dish.reviewed_by', { date, name: reviewed_by }) : t('dish.reviewed_on', { date });
}

/** All of a dish, in place. Only what was changed is sent. */
export function ItemEditor({ item, onSave, onDelete, onClose }: Props) {
  const [t, locale] = [useDesk(), useLocale()];
  // The dish as it was when the editing began: what somebody saves meanwhile must not slip in unseen.
  const [before] = useState(item);
  const [form, setForm] = useState(() => formOf(item));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [deleting, setDeleting] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (parsePrice(form.price) === undefined) return setErrors({ price: t('dish.price_wrong') });
    const change = changeOf(before, form);
    if (Object.keys(change).length === 0) return onClose();
    await onSave(change).then(onClose, (cause: unknown) => setErrors(fieldErrors(cause)));
  }

  return (
    <Box
      component="form"
      onSubmit={(event) => void save(event)}
      data-testid="item-editor"
      sx={{ p: 2, display: 'grid', gap: 2.5 }}
    >
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' } }}>
        {FIELDS.map(([field, label, most]) => (
          <TextField
            key={field}
            label={t(label)}
            value={form[field]}
            onChange={(event) => setForm({ ...form, [field]: event.target.value })}
            error={field in errors}
            helperText={errors[field]}
            multiline={field === 'description'}
            slotProps={{ htmlInput: { maxLength: most, dir: 'auto' } }}
          />
        ))}
      </Box>
      <FormControlLabel
        label={t('dish.signature')}
        control={
          <Checkbox
            checked={form.is_signature}
            onChange={(event) => setForm({ ...form, is_signature: event.target.checked })}
          />
        }
      />
      <Box sx={{ display: 'grid', gap: 1 }}>
        <Typography variant="h3" component="h3">
          {t('dish.allergens')}
        </Typography>
        <Typography color="text.secondary">{reviewWords(before, t, locale)}</Typography>
        <AllergenEditor verdicts={form.verdicts} onChange={(verdicts) => setForm({ ...form, verdicts })} />
        <FormControlLabel
          label={t('dish.checked')}
          control={
            <Checkbox
              checked={form.reviewed}
              onChange={(event) => setForm({ ...form, reviewed: event.target.checked })}
            />
          }
        />
      </Box>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Button type="submit" variant="contained" data-testid="save-item">
          {t('common.save')}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Box sx={{ flex: 1 }} />
        {deleting ? (
          <Button color="error" variant="contained" onClick={() => void onDelete()}>
            {t('dish.really_delete', { name: before.name })}
          </Button>
        ) : (
          <Button color="error" onClick={() => setDeleting(true)}>
            {t('common.delete')}
          </Button>
        )}
      </Box>
    </Box>
  );
}
