import { describe, expect, it } from 'vitest';
import type { Menu, MenuItem } from '../../gen/types';
import { filterMenu, NO_WISHES, tagsOf } from './filter';
import { distance, matches, words } from './search';

const item = (name: string, more: Partial<MenuItem> = {}): MenuItem =>
  ({
    id: name,
    name,
    description: null,
    tags: [],
    ingredients: [],
    ...more,
    allergen_info: {
      contains: [],
      may_contain: [],
      free_of: [],
      reviewed_at: null,
      reviewed_by: null,
      ...more.allergen_info,
    },
  }) as MenuItem;

const lists = (more: object) => ({ allergen_info: more }) as Partial<MenuItem>;

const menu = {
  categories: [
    {
      id: 'c1',
      name: 'Cookies',
      items: [
        item('Snickerdoodle', { tags: ['vegetarian', 'bestseller'] }),
        item('Peanut Butter', { tags: ['vegetarian'], ...lists({ contains: ['peanuts'] }) }),
        item('Crème brûlée', lists({ may_contain: ['peanuts'] })),
      ],
    },
    { id: 'c2', name: 'Drinks', items: [item('Cold Milk', { tags: ['vegetarian'] })] },
  ],
} as unknown as Menu;

const names = (wishes: Partial<typeof NO_WISHES>, free = new Map<string, Set<string>>()) =>
  filterMenu(menu, { ...NO_WISHES, ...wishes }, free).sections.flatMap((section) =>
    section.found.map(({ item: each, unknown }) => each.name + (unknown.length ? '?' : '')),
  );

describe('search', () => {
  it('forgives slips in longer words, and asks short ones to be right', () => {
    expect(names({ query: 'snikerdodle' })).toEqual(['Snickerdoodle']);
    expect(names({ query: 'penut buter' })).toEqual(['Peanut Butter']);
    expect(names({ query: 'sni' })).toEqual(['Snickerdoodle']);
    expect(names({ query: 'mlk' })).toEqual([]);
    expect(names({ query: 'creme brulee' })).toEqual(['Crème brûlée']);
  });

  it('needs all words, and finds the category too', () => {
    expect(names({ query: 'peanut milk' })).toEqual([]);
    expect(names({ query: 'drinks' })).toEqual(['Cold Milk']);
    expect(names({ query: ' ... ' })).toHaveLength(4);
  });

  it('counts a swap as one slip', () => {
    expect(distance('cookei', 'cookie', 2)).toBe(1);
    expect(distance('abc', 'abcdefgh', 2)).toBe(3);
    expect(words('Mac & Cheese, ÉCLAIR')).toEqual(['mac', 'cheese', 'eclair']);
  });

  it('ranks a name before a description', () => {
    const name = matches('milk', ['Milk', '', '']) ?? 99;
    expect(name).toBeLessThan(matches('milk', ['Cookie', '', 'with milk']) ?? 0);
  });
});

describe('filters', () => {
  it('puts diets before other marks', () => {
    expect(tagsOf(menu)).toEqual(['vegetarian', 'bestseller']);
    expect(names({ tags: ['vegetarian'] })).toEqual(['Snickerdoodle', 'Peanut Butter', 'Cold Milk']);
  });

  it('leaves out what contains or may contain it, and marks as unknown what the server did not call free', () => {
    const free = new Map([['peanuts', new Set(['Cold Milk'])]]);
    expect(names({ without: ['peanuts'] }, free)).toEqual(['Snickerdoodle?', 'Cold Milk']);
    expect(filterMenu(menu, { ...NO_WISHES, without: ['peanuts'] }, free)).toMatchObject({
      shown: 2,
      unknown: 1,
      avoided: 2,
    });
  });

  it('calls nothing free without the server’s word', () => {
    expect(names({ without: ['peanuts'] })).toEqual(['Snickerdoodle?', 'Cold Milk?']);
  });
});
