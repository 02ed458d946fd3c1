import type { ImportLine } from '../../../gen/types';

interface Note {
  column?: string | null;
  code: string;
  severity: string;
  message: string;
}

/** What is said about a row or a file; anything of another shape is left out. */
export function notesOf(notes: unknown): Note[] {
  if (!Array.isArray(notes)) return [];
  return notes.filter(
    (note): note is Note =>
      typeof note === 'object' && note !== null && 'message' in note && 'severity' in note,
  );
}

export function words(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length ? value.map(words).join(', ') : '–';
  if (typeof value !== 'object') return String(value);
  return (
    Object.entries(value)
      .filter(([, each]) => words(each) !== '–')
      .map(([key, each]) => `${key.replaceAll('_', ' ')}: ${words(each)}`)
      .join('; ') || '–'
  );
}

export interface Change {
  field: string;
  before: string;
  after: string;
}

/** What a row would change, field by field. */
export function changesOf(line: ImportLine): Change[] {
  if (typeof line.changes !== 'object' || line.changes === null) return [];
  return Object.entries(line.changes as Record<string, { before?: unknown; after?: unknown }>).map(
    ([field, { before, after }]) => ({
      field: field.replaceAll('_', ' '),
      before: words(before),
      after: words(after),
    }),
  );
}

const SHOWN_OF_NEW = ['price', 'description', 'allergen_info', 'tags', 'ingredients'] as const;

/** What a new dish would be, in few words. */
export function newWords(line: ImportLine): string {
  const values = line.values as Record<string, unknown> | null | undefined;
  return SHOWN_OF_NEW.filter((field) => words(values?.[field]) !== '–')
    .map((field) => words(values?.[field]))
    .join(' · ');
}
