interface Ordered {
  id: string;
  display_order: number;
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list];
  const [taken] = next.splice(from, 1);
  if (taken !== undefined) next.splice(to, 0, taken);
  return next;
}

/** The fewest writes that give a list, as it stands now, growing numbers; those that can stay keep theirs. */
export function renumber(list: Ordered[]): { id: string; display_order: number }[] {
  const kept = keepable(list.map((each) => each.display_order));
  const changes: { id: string; display_order: number }[] = [];
  const fits = list.every((_, at) => kept.has(at) || room(list, kept, at));
  let last = -1;
  list.forEach((each, at) => {
    const wanted = fits && kept.has(at) ? each.display_order : last + 1;
    if (wanted !== each.display_order) changes.push({ id: each.id, display_order: wanted });
    last = wanted;
  });
  return changes;
}

/** Whether those between two that stay find whole numbers between theirs. */
function room(list: Ordered[], kept: Set<number>, at: number): boolean {
  let from = at;
  while (from > 0 && !kept.has(from - 1)) from--;
  let to = at;
  while (to < list.length - 1 && !kept.has(to + 1)) to++;
  const low = from > 0 ? (list[from - 1]?.display_order ?? -1) : -1;
  const high = to < list.length - 1 ? (list[to + 1]?.display_order ?? Infinity) : Infinity;
  return high - low - 1 >= to - from + 1;
}

/** Places of the longest run that grows already. */
function keepable(numbers: number[]): Set<number> {
  const length: number[] = [];
  const from: number[] = [];
  numbers.forEach((number, at) => {
    length[at] = 1;
    from[at] = -1;
    for (let before = 0; before < at; before++) {
      const longer = (length[before] ?? 0) + 1;
      if ((numbers[before] ?? 0) < number && longer > (length[at] ?? 0)) {
        length[at] = longer;
        from[at] = before;
      }
    }
  });
  const kept = new Set<number>();
  let at = length.indexOf(Math.max(...length));
  while (at >= 0) {
    kept.add(at);
    at = from[at] ?? -1;
  }
  return kept;
}
