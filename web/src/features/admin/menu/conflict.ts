import type { ItemChange, MenuItem } from '../../../gen/types';

/** A field that two people changed at once: as it was, as I want it, as it is now. */
export interface Clash {
  field: keyof ItemChange;
  before: unknown;
  mine: unknown;
  theirs: unknown;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The value of a change's field as the dish shows it; ingredients are ids on the way in and objects on the way out. */
export function shownValue(item: MenuItem, field: keyof ItemChange): unknown {
  if (field === 'ingredients') return item.ingredients.map((each) => each.id);
  if (field !== 'allergen_info') return item[field];
  const { contains, may_contain, free_of } = item.allergen_info;
  return { contains, may_contain, free_of };
}

/**
 * Lays my change over a dish that somebody else saved first. What only I changed goes through (`clean`); what both changed, to
 * different values, has to be decided field by field.
 */
export function compare(
  before: MenuItem,
  change: ItemChange,
  now: MenuItem,
): { clean: ItemChange; clashes: Clash[] } {
  const clean: ItemChange = {};
  const clashes: Clash[] = [];
  for (const field of Object.keys(change) as (keyof ItemChange)[]) {
    const clash = {
      field,
      before: shownValue(before, field),
      mine: change[field],
      theirs: shownValue(now, field),
    };
    if (same(clash.theirs, clash.before) || same(clash.theirs, clash.mine))
      Object.assign(clean, { [field]: clash.mine });
    else clashes.push(clash);
  }
  return { clean, clashes };
}
