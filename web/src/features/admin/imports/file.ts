import { toCsv } from './mapping';
import type { DeskKey } from '../words';

export interface MenuFile {
  name: string;
  type: 'text/csv' | 'application/json' | 'application/x-ndjson';
  /** CSV as text, so that its header can be seen and renamed; anything else as it is. */
  content: string | Blob;
}

const MAX_BYTES = 100 * 1024 * 1024;
/** A larger CSV file is sent as it is: its header is not shown before. */
const TEXT_MAX_BYTES = 20 * 1024 * 1024;

/** Old encodings stay bytes: the server knows them, a decoder here would break them. */
async function csvText(file: Blob): Promise<string | Blob> {
  if (file.size > TEXT_MAX_BYTES) return file;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    return file;
  }
}

async function sheetCsv(file: Blob): Promise<string> {
  // Only who has a spreadsheet pays for the library.
  const { default: readSheet } = await import('read-excel-file');
  return toCsv(await readSheet(file as File));
}

/** Why a file cannot be taken, as a message. */
export class FileTrouble extends Error {
  constructor(readonly key: DeskKey) {
    super(key);
  }
}

/** Reads what was dropped; an error says what to do instead. */
export async function readMenuFile(file: File): Promise<MenuFile> {
  const ending = file.name.toLowerCase().split('.').at(-1) ?? '';
  if (file.size === 0) throw new FileTrouble('file.empty');
  if (file.size > MAX_BYTES) throw new FileTrouble('file.large');
  if (ending === 'xlsx') {
    const content = await sheetCsv(file).catch(() => {
      throw new FileTrouble('file.unreadable');
    });
    return { name: file.name, type: 'text/csv', content };
  }
  if (ending === 'xls' || ending === 'ods' || ending === 'numbers') throw new FileTrouble('file.kind');
  if (ending === 'json') return { name: file.name, type: 'application/json', content: file };
  if (ending === 'ndjson' || ending === 'jsonl')
    return { name: file.name, type: 'application/x-ndjson', content: file };
  return { name: file.name, type: 'text/csv', content: await csvText(file) };
}
