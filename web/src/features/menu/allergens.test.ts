import { describe, expect, it } from 'vitest';
import type { AllergenInfo } from '../../gen/types';
import { allergenWords } from './allergens';

const info = (more: Partial<AllergenInfo>): AllergenInfo => ({
  contains: [],
  may_contain: [],
  free_of: [],
  reviewed_at: null,
  reviewed_by: null,
  ...more,
});

describe('allergenWords', () => {
  it('says unknown when nobody looked at the dish', () => {
    expect(allergenWords(info({})).unknown).toBe('Allergens: unknown – ask the staff');
  });

  it('says what it contains, and that the others are unknown without a review', () => {
    expect(allergenWords(info({ contains: ['tree_nuts', 'milk'] }))).toMatchObject({
      contains: 'tree nuts, milk',
      unknown: 'Other allergens: unknown – ask the staff',
    });
  });

  it('says when a person looked', () => {
    const words = allergenWords(
      info({ may_contain: ['gluten'], reviewed_at: '2026-03-04T10:00:00Z' }),
      'en-GB',
    );
    expect(words).toEqual({
      contains: null,
      may_contain: 'gluten',
      unknown: null,
      reviewed: 'Allergens reviewed on 4 Mar 2026',
    });
  });

  it('never turns an empty list into a promise', () => {
    const words = allergenWords(info({ reviewed_at: '2026-03-04T10:00:00Z' }), 'en-GB');
    expect(words.reviewed).toBe('No regulated allergen declared · reviewed on 4 Mar 2026');
    expect(JSON.stringify(words)).not.toMatch(/safe|free|guarantee/i);
  });
});
