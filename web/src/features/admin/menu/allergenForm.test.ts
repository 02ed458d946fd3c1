import { describe, expect, it } from 'vitest';
import type { AllergenInfo } from '../../../gen/types';
import { listsOf, verdictsOf } from './allergenForm';

const info: AllergenInfo = {
  contains: ['milk', 'almond'],
  may_contain: ['gluten'],
  free_of: ['eggs'],
  reviewed_at: null,
  reviewed_by: null,
};

describe('the form of allergens', () => {
  it('has four values, and unknown is what nobody listed', () => {
    expect(verdictsOf(info)).toMatchObject({
      milk: 'contains',
      gluten: 'may_contain',
      eggs: 'free_of',
      fish: 'unknown',
    });
  });

  it('gives the lists back as they were, members included', () => {
    expect(listsOf(verdictsOf(info), info)).toEqual({
      contains: ['milk', 'almond'],
      may_contain: ['gluten'],
      free_of: ['eggs'],
    });
  });

  it('moves an allergen to another list, never into two', () => {
    const lists = listsOf({ ...verdictsOf(info), milk: 'free_of', gluten: 'unknown' }, info);
    expect(lists).toEqual({ contains: ['almond'], may_contain: [], free_of: ['eggs', 'milk'] });
  });
});
