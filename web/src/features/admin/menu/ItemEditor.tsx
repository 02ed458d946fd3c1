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

interface Props {
  item: MenuItem;
  onSave: (change: ItemChange) => Promise<unknown>;
  onDelete: () => Promise<unknown>;
  onClose: () => void;
}

const FIELDS = [
  ['name', 'Name', 100],
  ['price', 'Price (empty: market price)', 12],
  ['description', 'Description', 500],
  ['image_url', 'Photo: its https address', 2000],
  ['tags', 'Marks, separated by commas', 500],
  ['spice_level', 'Spice, 0 to 5', 1],
] as const;

function reviewWords(item: MenuItem): string {
  const { reviewed_at, reviewed_by } = item.allergen_info;
  if (!reviewed_at) return 'Nobody has reviewed the allergens yet: what is in no list is unknown.';
  const date = new Date(reviewed_at).toLocaleDateString(undefined, { dateStyle: 'medium' });
  return `Last reviewed on ${date}${reviewed_by ? ` by ${reviewed_by}` : ''}.`;
}

/** All of a dish, in place. Only what was changed is sent. */
export function ItemEditor({ item, onSave, onDelete, onClose }: Props) {
  // The dish as it was when the editing began: what somebody saves meanwhile must not slip in unseen.
  const [before] = useState(item);
  const [form, setForm] = useState(() => formOf(item));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [deleting, setDeleting] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (parsePrice(form.price) === undefined)
      return setErrors({ price: 'Write a number, such as 12.50, or leave it empty.' });
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
            label={label}
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
        label="A signature dish"
        control={
          <Checkbox
            checked={form.is_signature}
            onChange={(event) => setForm({ ...form, is_signature: event.target.checked })}
          />
        }
      />
      <Box sx={{ display: 'grid', gap: 1 }}>
        <Typography variant="h3" component="h3">
          Allergens
        </Typography>
        <Typography color="text.secondary">{reviewWords(before)}</Typography>
        <AllergenEditor verdicts={form.verdicts} onChange={(verdicts) => setForm({ ...form, verdicts })} />
        <FormControlLabel
          label="I have checked the recipe today: what is in no list is not in the dish"
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
          Save
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Box sx={{ flex: 1 }} />
        {deleting ? (
          <Button color="error" variant="contained" onClick={() => void onDelete()}>
            Really delete “{before.name}”
          </Button>
        ) : (
          <Button color="error" onClick={() => setDeleting(true)}>
            Delete
          </Button>
        )}
      </Box>
    </Box>
  );
}
