import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState, type FormEvent } from 'react';
import { Explain } from '../../../ui/Explain';
import { useMenu } from '../../menu/useMenu';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Trouble } from '../parts/Trouble';
import { atLeast } from '../rights';
import { CategoryBlock } from './CategoryBlock';
import { ConflictDialog } from './ConflictDialog';
import { moved, renumber } from './order';
import { useEdits, type Edits } from './useEdits';
import { useDesk } from '../words';

function NewCategory({ restaurant_id, edits }: { restaurant_id: string; edits: Edits }) {
  const t = useDesk();
  const [name, setName] = useState('');
  function add(event: FormEvent) {
    event.preventDefault();
    edits.addCategory({ restaurant_id, name: name.trim() }).then(
      () => setName(''),
      () => undefined,
    );
  }
  return (
    <Box component="form" onSubmit={add} sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
      <TextField
        size="small"
        label={t('menu.new_category')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" disabled={!name.trim()}>
        {t('menu.add_category')}
      </Button>
    </Box>
  );
}

const REFETCH_MS = 15_000;

/** The menu to work on. Guests see each change within the second. */
export default function MenuPage({ restaurant, role }: PageProps) {
  const t = useDesk();
  const { data: menu, error, refetch } = useMenu(restaurant.slug, REFETCH_MS);
  const edits = useEdits(restaurant.slug);
  if (!menu) {
    return error ? (
      <Explain
        picture="🔌"
        title={t('menu.failed')}
        action={{ label: t('common.again'), run: () => void refetch() }}
        level="h2"
      >
        {error.message}
      </Explain>
    ) : null;
  }
  const move = (from: number, to: number) => () =>
    void edits.reorder(renumber(moved(menu.categories, from, to)), 'categories').catch(() => undefined);

  return (
    <>
      <PageTitle lead={t(atLeast(role, 'manager') ? 'menu.lead' : 'menu.lead_viewer')}>
        {t('page.menu')}
      </PageTitle>
      <Trouble error={edits.failed} testId="edit-error" />
      {menu.categories.map((category, at) => (
        <CategoryBlock
          key={category.id}
          category={category}
          role={role}
          edits={edits}
          onUp={at > 0 ? move(at, at - 1) : undefined}
          onDown={at < menu.categories.length - 1 ? move(at, at + 1) : undefined}
        />
      ))}
      {atLeast(role, 'manager') && <NewCategory restaurant_id={restaurant.id} edits={edits} />}
      {edits.conflict && (
        <ConflictDialog
          conflict={edits.conflict}
          onSettle={(now, change) => void edits.settle(now, change).catch(() => undefined)}
          onClose={edits.dropConflict}
        />
      )}
    </>
  );
}
