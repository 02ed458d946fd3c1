import type { Menu, MenuCategory, MenuItem } from '../../gen/types';
import { listedVerdict } from './allergens';
import { matches, words } from './search';

export interface Wishes {
  query: string;
  tags: string[];
  /** Allergens that the guest must avoid. */
  without: string[];
}

export const NO_WISHES: Wishes = { query: '', tags: [], without: [] };

/** A dish as it stands to the wishes: fine, or with allergens nobody knows about. */
export interface Found {
  item: MenuItem;
  category: string;
  unknown: string[];
}

export interface Filtered {
  sections: { category: MenuCategory; found: Found[] }[];
  shown: number;
  unknown: number;
  /** Left out because they contain, or may contain, what has to be avoided. */
  avoided: number;
}

/** Marks that say what somebody can eat; the others are what the kitchen likes to say about itself. */
const DIETS = /^(vegan|vegetarian|halal|kosher|pescatarian|keto|low[- ]carb|organic|raw|paleo)$/i;

/** Diets first, then other marks, each by how often it occurs. */
export function tagsOf(menu: Menu): string[] {
  const counts = new Map<string, number>();
  for (const item of menu.categories.flatMap((category) => category.items))
    for (const tag of item.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const rank = (tag: string) => (DIETS.test(tag) ? 1000 : 0) + (counts.get(tag) ?? 0);
  return [...counts.keys()].sort((a, b) => rank(b) - rank(a) || a.localeCompare(b));
}

const isWanted = (item: MenuItem, tags: string[]) => tags.every((tag) => item.tags.includes(tag));

/**
 * What a guest who avoids something may look at. `free` holds, by allergen, the dishes that the server knows to be free of it: it alone
 * decides that. Without its word (no network, not answered yet) a dish whose lists do not name the allergen is unknown, never free.
 */
function unknownsOf(item: MenuItem, without: string[], free: Map<string, Set<string>>): string[] | null {
  if (without.some((allergen) => listedVerdict(item.allergen_info, allergen))) return null;
  return without.filter((allergen) => !free.get(allergen)?.has(item.id));
}

const textOf = (item: MenuItem, category: string) => [
  item.name,
  [category, ...item.tags, ...item.ingredients.map((each) => each.name)].join(' '),
  item.description ?? '',
];

export function filterMenu(menu: Menu, wishes: Wishes, free: Map<string, Set<string>>): Filtered {
  const result: Filtered = { sections: [], shown: 0, unknown: 0, avoided: 0 };
  const searched = words(wishes.query).length > 0;
  for (const category of menu.categories) {
    const ranked: { found: Found; rank: number }[] = [];
    for (const item of category.items) {
      const rank = searched ? matches(wishes.query, textOf(item, category.name)) : 0;
      if (rank === null || !isWanted(item, wishes.tags)) continue;
      const unknown = unknownsOf(item, wishes.without, free);
      if (!unknown) result.avoided++;
      else ranked.push({ found: { item, category: category.name, unknown }, rank });
    }
    if (searched) ranked.sort((a, b) => a.rank - b.rank);
    const found = ranked.map((each) => each.found);
    if (found.length) result.sections.push({ category, found });
    result.shown += found.length;
    result.unknown += found.filter((each) => each.unknown.length).length;
  }
  return result;
}
