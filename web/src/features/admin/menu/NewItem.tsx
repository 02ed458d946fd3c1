import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState, type FormEvent } from 'react';
import type { MenuCategory } from '../../../gen/types';
import { parsePrice } from './itemForm';
import type { Edits } from './useEdits';
import { useDesk } from '../words';

/** A name and a price make a dish; the rest can come later. */
export function NewItem({ category, edits }: { category: MenuCategory; edits: Edits }) {
  const t = useDesk();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [price, setPrice] = useState('');
  const parsed = parsePrice(price);

  function add(event: FormEvent) {
    event.preventDefault();
    if (parsed === undefined) return;
    const { id: category_id, restaurant_id } = category;
    edits.addItem({ restaurant_id, category_id, name: name.trim(), price: parsed }).then(
      () => {
        setName('');
        setPrice('');
      },
      () => undefined, // the page shows why
    );
  }

  if (!open) {
    return (
      <Button sx={{ mt: 1 }} onClick={() => setOpen(true)}>
        {t('menu.new_dish', { category: category.name })}
      </Button>
    );
  }
  return (
    <Box component="form" onSubmit={add} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1.5 }}>
      <TextField
        size="small"
        label={t('dish.name')}
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        size="small"
        label={t('dish.price')}
        value={price}
        error={parsed === undefined}
        onChange={(event) => setPrice(event.target.value)}
        sx={{ width: 110 }}
      />
      <Button type="submit" variant="contained" disabled={!name.trim() || parsed === undefined}>
        {t('common.add')}
      </Button>
      <Button onClick={() => setOpen(false)}>{t('common.done')}</Button>
    </Box>
  );
}
