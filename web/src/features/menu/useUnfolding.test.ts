import { describe, expect, it } from 'vitest';
import type { Filtered } from './filter';
import { beginning } from './useUnfolding';

const section = (id: string, dishes: number) =>
  ({
    category: { id },
    found: Array.from({ length: dishes }, (_, at) => `${id}${at}`),
  }) as unknown as Filtered['sections'][number];

const dishes = (sections: Filtered['sections']) => sections.map((each) => each.found.join(' '));

describe('the beginning of a menu', () => {
  const menu = [section('a', 2), section('b', 3), section('c', 1)];
  it('goes on through the categories and cuts the last one', () => {
    expect(dishes(beginning(menu, 4))).toEqual(['a0 a1', 'b0 b1']);
    expect(dishes(beginning(menu, 2))).toEqual(['a0 a1']);
  });
  it('is all of it when there is no more', () => {
    expect(beginning(menu, 6)).toEqual(menu);
    expect(beginning(menu, Infinity)).toEqual(menu);
    expect(beginning([], 4)).toEqual([]);
  });
  it('leaves sections that it shows whole as they are', () => {
    expect(beginning(menu, 4)[0]).toBe(menu[0]);
  });
});
