/** Lower case, without accents, in words. */
export function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

const at = (row: number[] | undefined, n: number) => row?.[n] ?? Infinity;

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into another; more than `most` are not counted on. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(rows[i - 1], j) + 1,
        at(row, j - 1) + 1,
        at(rows[i - 1], j - 1) + same,
        swapped ? at(rows[i - 2], j - 2) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return at(rows[a.length], b.length);
}

/** Short words have to be right; longer ones may have a slip or two. */
const slips = (word: string) => (word.length < 4 ? 0 : word.length < 8 ? 1 : 2);

/** How well a text's word answers a searched one: 0 is exact, null is not at all. */
function closeness(asked: string, has: string): number | null {
  if (has.startsWith(asked)) return has === asked ? 0 : 1;
  const most = slips(asked);
  if (most === 0) return null;
  // What is being typed is the beginning of a word.
  const away = Math.min(distance(asked, has, most), distance(asked, has.slice(0, asked.length), most));
  return away <= most ? 1 + away : null;
}

function best(asked: string, text: string[]): number | null {
  const found = text.map((has) => closeness(asked, has)).filter((each) => each !== null);
  return found.length ? Math.min(...found) : null;
}

/** The penalty of a text for a search, lower is better; null when one of the searched words is nowhere in it. `fields`: most telling first. */
export function matches(query: string, fields: string[]): number | null {
  const texts = fields.map(words);
  let sum = 0;
  for (const asked of words(query)) {
    const found = texts.map((text, place) => {
      const each = best(asked, text);
      return each === null ? null : each + place * 4;
    });
    const least = found.filter((each) => each !== null);
    if (least.length === 0) return null;
    sum += Math.min(...least);
  }
  return sum;
}
