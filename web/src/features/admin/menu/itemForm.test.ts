import { describe, expect, it } from 'vitest';
import type { MenuItem } from '../../../gen/types';
import { changeOf, formOf, parsePrice } from './itemForm';

const item = {
  name: 'Pad Thai',
  description: null,
  price: 13.5,
  image_url: null,
  spice_level: null,
  tags: ['noodles'],
  is_signature: false,
  allergen_info: { contains: ['fish'], may_contain: [], free_of: [], reviewed_at: null, reviewed_by: null },
} as unknown as MenuItem;

describe('the form of a dish', () => {
  it('sends nothing when nothing was changed', () => {
    expect(changeOf(item, formOf(item))).toEqual({});
  });

  it('sends what was changed, and only that', () => {
    const form = {
      ...formOf(item),
      price: '14,00',
      tags: 'noodles; spicy, ',
      description: '  ',
      spice_level: '2',
    };
    expect(changeOf(item, form)).toEqual({
      price: 14,
      tags: ['noodles', 'spicy'],
      description: null,
      spice_level: 2,
    });
  });

  it('stamps a review even when the lists stay', () => {
    expect(changeOf(item, { ...formOf(item), reviewed: true })).toEqual({
      allergen_info: { contains: ['fish'], may_contain: [], free_of: [], reviewed: true },
    });
  });

  it('tells a market price from nonsense', () => {
    expect(parsePrice('')).toBeNull();
    expect(parsePrice('12,5')).toBe(12.5);
    expect(parsePrice('twelve')).toBeUndefined();
    expect(parsePrice('-3')).toBeUndefined();
  });
});
