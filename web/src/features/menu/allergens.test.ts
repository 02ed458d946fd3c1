import { describe, expect, it } from 'vitest';
import { printTaxonomy } from '../../../scripts/taxonomy.mjs';
import generated from '../../gen/allergens?raw';
import type { AllergenInfo } from '../../gen/types';
import { translate as t } from '../../i18n/i18n';
import { allergenIcon, allergenName, allergenWords, listedVerdict, REGULATED } from './allergens';

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
    expect(allergenWords(info({}), t).unknown).toBe('Allergens: unknown – ask the staff');
  });

  it('says what it contains, and that the others are unknown without a review', () => {
    expect(allergenWords(info({ contains: ['tree_nuts', 'milk'] }), t)).toMatchObject({
      contains: ['tree_nuts', 'milk'],
      unknown: 'Other allergens: unknown – ask the staff',
    });
  });

  it('says when a person looked', () => {
    const words = allergenWords(
      info({ may_contain: ['gluten'], reviewed_at: '2026-03-04T10:00:00Z' }),
      t,
      'en-GB',
    );
    expect(words).toMatchObject({ unknown: null, reviewed: 'Allergens reviewed on 4 Mar 2026' });
  });

  it('never turns an empty list into a promise', () => {
    const words = allergenWords(info({ reviewed_at: '2026-03-04T10:00:00Z' }), t, 'en-GB');
    expect(words.reviewed).toBe('No regulated allergen declared · reviewed on 4 Mar 2026');
    expect(words.reviewed).not.toMatch(/safe|free|guarantee/i);
  });
});

describe('listedVerdict', () => {
  it('counts a member as its group, and not the other way round', () => {
    expect(listedVerdict(info({ contains: ['almond'] }), 'tree_nuts')).toBe('contains');
    expect(listedVerdict(info({ contains: ['tree_nuts'] }), 'almond')).toBeNull();
  });

  it('takes the worse of two', () => {
    expect(listedVerdict(info({ contains: ['wheat'], may_contain: ['gluten'] }), 'gluten')).toBe('contains');
    expect(listedVerdict(info({ may_contain: ['milk'] }), 'milk')).toBe('may_contain');
  });
});

describe('the taxonomy', () => {
  it('is the one of common/allergen.def (node scripts/taxonomy.mjs)', () => {
    expect(generated).toBe(printTaxonomy());
  });

  it('has a picture and a name for each regulated allergen', () => {
    expect(REGULATED).toHaveLength(14);
    for (const wire of REGULATED) {
      expect(allergenIcon(wire)).not.toBe('⚠️');
      expect(allergenName(t, wire)).not.toContain('_');
    }
    expect(allergenName(t, 'almond')).toBe('almonds');
  });
});
