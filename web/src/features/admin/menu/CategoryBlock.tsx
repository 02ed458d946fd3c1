import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useEffect, useState } from 'react';
import type { MenuCategory } from '../../../gen/types';
import { atLeast, type Role } from '../rights';
import { InlineText } from './InlineText';
import { ItemRow } from './ItemRow';
import { NewItem } from './NewItem';
import { moved, renumber } from './order';
import type { Edits } from './useEdits';
import { useDesk } from '../words';

interface Props {
  category: MenuCategory;
  role: Role;
  edits: Edits;
  /** Undefined: it is the first or the last already. */
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}

/** The dishes in the order on the screen: as it was dropped, until the server has it so too. */
function useOrder(category: MenuCategory, edits: Edits) {
  const [items, setItems] = useState(category.items);
  useEffect(() => setItems(category.items), [category.items]);
  function onDragEnd({ active, over }: DragEndEvent) {
    const [from, to] = [active.id, over?.id].map((id) => items.findIndex((item) => item.id === id)) as [
      number,
      number,
    ];
    if (from < 0 || to < 0 || from === to) return;
    const next = moved(items, from, to);
    setItems(next);
    edits.reorder(renumber(next), 'items').catch(() => setItems(category.items));
  }
  return { items, onDragEnd };
}

function Tools({ category, edits, onUp, onDown }: Omit<Props, 'role'>) {
  const t = useDesk();
  return (
    <>
      <Button
        size="small"
        disabled={!onUp}
        onClick={onUp}
        aria-label={t('menu.move_up', { name: category.name })}
      >
        ↑
      </Button>
      <Button
        size="small"
        disabled={!onDown}
        onClick={onDown}
        aria-label={t('menu.move_down', { name: category.name })}
      >
        ↓
      </Button>
      {category.items.length === 0 && (
        <Button
          size="small"
          color="error"
          onClick={() => void edits.removeCategory(category.id).catch(() => undefined)}
        >
          {t('common.delete')}
        </Button>
      )}
    </>
  );
}

/** A category with its dishes, to be put in order by dragging or by the keyboard (space, arrows, space). */
export function CategoryBlock({ category, role, edits, onUp, onDown }: Props) {
  const t = useDesk();
  const manager = atLeast(role, 'manager');
  const { items, onDragEnd } = useOrder(category, edits);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  return (
    <Box component="section" aria-label={category.name} sx={{ mb: 4 }} data-testid="admin-category">
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 1, '& input': { fontSize: '1.35rem' } }}>
        <InlineText
          label={t('menu.category_name', { name: category.name })}
          value={category.name}
          disabled={!manager}
          strong
          onSave={(name) => void edits.saveCategory(category.id, { name }).catch(() => undefined)}
        />
        {manager && <Tools category={category} edits={edits} onUp={onUp} onDown={onDown} />}
      </Box>
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
        <SortableContext items={items.map((item) => item.id)} strategy={verticalListSortingStrategy}>
          <Box component="ul" sx={{ p: 0, m: 0, display: 'grid', gap: 0.75 }}>
            {items.map((item) => (
              <ItemRow key={item.id} item={item} category={category.name} role={role} edits={edits} />
            ))}
          </Box>
        </SortableContext>
      </DndContext>
      {manager && <NewItem category={category} edits={edits} />}
    </Box>
  );
}
