import type { AllergenInfo } from '../../../gen/types';
import { REGULATED } from '../../menu/allergens';

export const VERDICTS = ['contains', 'may_contain', 'free_of', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];
type Listed = Exclude<Verdict, 'unknown'>;

const LISTS: Listed[] = ['contains', 'may_contain', 'free_of'];

export type Verdicts = Record<string, Verdict>;
export type AllergenLists = Record<Listed, string[]>;

/** What the lists of a dish declare about each regulated allergen. */
export function verdictsOf(info: AllergenInfo): Verdicts {
  return Object.fromEntries(
    REGULATED.map((wire) => [wire, LISTS.find((list) => info[list].includes(wire)) ?? 'unknown']),
  );
}

/** The lists for a set of verdicts. What the lists hold beside the regulated fourteen, such as hazelnuts, stays as it was. */
export function listsOf(verdicts: Verdicts, before: AllergenInfo): AllergenLists {
  const others = (list: Listed) => before[list].filter((wire) => !(REGULATED as string[]).includes(wire));
  const now = (list: Listed) => REGULATED.filter((wire) => verdicts[wire] === list);
  return Object.fromEntries(LISTS.map((list) => [list, [...now(list), ...others(list)]])) as AllergenLists;
}
