import { describe, expect, it } from 'vitest';
import { moved, renumber } from './order';

const list = (...numbers: number[]) => numbers.map((display_order, at) => ({ id: `d${at}`, display_order }));

function applied(before: { id: string; display_order: number }[]): number[] {
  const changes = new Map(renumber(before).map((each) => [each.id, each.display_order]));
  return before.map((each) => changes.get(each.id) ?? each.display_order);
}

const grows = (numbers: number[]) => numbers.every((each, at) => at === 0 || each > (numbers[at - 1] ?? 0));

describe('renumber', () => {
  it('writes nothing when all is in order', () => {
    expect(renumber(list(0, 1, 5, 9))).toEqual([]);
    expect(renumber([])).toEqual([]);
  });

  it('moves one with one write where there is room', () => {
    expect(renumber(list(0, 30, 10, 20))).toHaveLength(1);
    expect(renumber(list(5, 0, 1, 2, 3))).toHaveLength(5); // none is left before 0: all move up
  });

  it('always ends in growing numbers', () => {
    for (const numbers of [[0, 0, 0], [3, 2, 1, 0], [1, 0], [7], [0, 2, 1, 3], [5, 0, 1, 2], [0, 1, 0, 2]])
      expect(grows(applied(list(...numbers)))).toBe(true);
  });
});

describe('moved', () => {
  it('takes one out and puts it elsewhere', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});
