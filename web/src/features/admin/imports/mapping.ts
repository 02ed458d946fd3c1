/** Columns that an import knows, by their names in the contract. */
export const COLUMNS = [
  'name',
  'category',
  'price',
  'description',
  'external_id',
  'contains',
  'may_contain',
  'free_of',
  'ingredients',
  'tags',
  'is_available',
  'is_signature',
  'spice_level',
  'image_url',
  'display_order',
] as const;
export type Column = (typeof COLUMNS)[number];

/** What a header is taken for: as the server reads it, a column of ours, or nothing. */
export type Choice = 'auto' | 'ignore' | Column;

const SEPARATORS = [',', ';', '\t', '|'];

/** The first record of a CSV file; a quoted cell may hold separators and line breaks. */
function firstRecord(text: string, separator: string): { cells: string[]; end: number } {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  let at = 0;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quoted && char === '"' && text[at + 1] === '"') cell += text[at++];
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && char === separator) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return { cells: [...cells, cell].map((each) => each.trim()), end: at };
}

/** The header of a CSV file, with where it ends; the separator is the one that makes most columns. */
export function readHeader(text: string): { headers: string[]; separator: string; end: number } {
  const clean = text.startsWith('\ufeff') ? text.slice(1) : text;
  const tried = SEPARATORS.map((separator) => ({ separator, ...firstRecord(clean, separator) }));
  const best = tried.reduce((a, b) => (b.cells.length > a.cells.length ? b : a));
  return { headers: best.cells, separator: best.separator, end: best.end + (text.length - clean.length) };
}

const quoted = (cell: string, separator: string) =>
  new RegExp(`["\\r\\n${separator === '|' || separator === '\t' ? `\\${separator}` : separator}]`).test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;

/** Header names for the choices made. Ignored columns get names that no menu has. */
export function renamed(headers: string[], choices: Choice[]): string[] {
  return headers.map((header, at) => {
    const choice = choices[at] ?? 'auto';
    if (choice === 'auto') return header;
    return choice === 'ignore' ? `left out ${at + 1}` : choice;
  });
}

/** The same file with another header; nothing else of it is touched. */
export function withHeader(text: string, choices: Choice[]): string {
  if (choices.every((choice) => choice === 'auto')) return text;
  const { headers, separator, end } = readHeader(text);
  const line = renamed(headers, choices).map((cell) => quoted(cell, separator));
  return line.join(separator) + text.slice(end);
}

/** Two headers that are taken for the same column, by choice. */
export const doubled = (choices: Choice[]) =>
  COLUMNS.filter((column) => choices.filter((choice) => choice === column).length > 1);

type Cell = string | number | boolean | Date | null | undefined | object;

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

/** Rows of a spreadsheet as CSV. Rows without anything in them are left out. */
export function toCsv(rows: Cell[][]): string {
  return rows
    .map((row) => row.map(cellText))
    .filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => row.map((cell) => quoted(cell, ',')).join(','))
    .join('\r\n');
}
