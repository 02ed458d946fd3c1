import { describe, expect, it } from 'vitest';
import type { MenuItem } from '../../../gen/types';
import { compare } from './conflict';

const item = (more: Partial<MenuItem>) =>
  ({
    name: 'Pad Thai',
    price: 13.5,
    description: null,
    ingredients: [{ id: 'i1', name: 'noodles' }],
    allergen_info: { contains: ['fish'], may_contain: [], free_of: [], reviewed_at: null, reviewed_by: null },
    ...more,
  }) as MenuItem;

describe('compare', () => {
  it('lets through what only I changed', () => {
    const { clean, clashes } = compare(item({}), { price: 14 }, item({ name: 'Pad Thai Goong' }));
    expect(clean).toEqual({ price: 14 });
    expect(clashes).toEqual([]);
  });

  it('asks where both changed the same field', () => {
    const { clean, clashes } = compare(item({}), { price: 14, name: 'Phad Thai' }, item({ price: 15 }));
    expect(clean).toEqual({ name: 'Phad Thai' });
    expect(clashes).toEqual([{ field: 'price', before: 13.5, mine: 14, theirs: 15 }]);
  });

  it('is content when both mean the same', () => {
    expect(compare(item({}), { price: 14 }, item({ price: 14 })).clashes).toEqual([]);
  });

  it('compares allergens and ingredients as they are sent', () => {
    const now = item({
      ingredients: [],
      allergen_info: { ...item({}).allergen_info, contains: ['fish', 'eggs'] },
    });
    const change = {
      ingredients: ['i1', 'i2'],
      allergen_info: { contains: ['fish', 'soy'], may_contain: [], free_of: [] },
    };
    expect(compare(item({}), change, now).clashes.map((clash) => clash.field)).toEqual([
      'ingredients',
      'allergen_info',
    ]);
  });
});
