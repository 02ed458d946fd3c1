import type { ItemChange, MenuItem } from '../../../gen/types';
import { listsOf, verdictsOf, type Verdicts } from './allergenForm';

/** A dish as it stands in the form: texts, as they are typed. */
export interface ItemForm {
  name: string;
  description: string;
  price: string;
  image_url: string;
  spice_level: string;
  tags: string;
  is_signature: boolean;
  verdicts: Verdicts;
  /** The allergens were looked at, now. */
  reviewed: boolean;
}

export function formOf(item: MenuItem): ItemForm {
  return {
    name: item.name,
    description: item.description ?? '',
    price: item.price === null ? '' : String(item.price),
    image_url: item.image_url ?? '',
    spice_level: item.spice_level === null ? '' : String(item.spice_level),
    tags: item.tags.join(', '),
    is_signature: item.is_signature,
    verdicts: verdictsOf(item.allergen_info),
    reviewed: false,
  };
}

/** "12,50" and "12.50" are the same price; null is a market price; undefined is none at all. */
export function parsePrice(text: string): number | null | undefined {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

const orNull = (text: string) => text.trim() || null;

const listOf = (text: string) =>
  text
    .split(/[,;|]/)
    .map((each) => each.trim())
    .filter(Boolean);

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What each field of the form says in a change; allergens and price stand below. */
const FIELDS = {
  name: (form: ItemForm) => form.name.trim(),
  description: (form: ItemForm) => orNull(form.description),
  image_url: (form: ItemForm) => orNull(form.image_url),
  spice_level: (form: ItemForm) => (form.spice_level.trim() ? Number(form.spice_level) : null),
  tags: (form: ItemForm) => listOf(form.tags),
  is_signature: (form: ItemForm) => form.is_signature,
} as const;

/** Only what was changed in the form; the server checks it. */
export function changeOf(item: MenuItem, form: ItemForm): ItemChange {
  const before = formOf(item);
  const changed = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter(
    (field) => form[field] !== before[field],
  );
  const change: ItemChange = Object.fromEntries(changed.map((field) => [field, FIELDS[field](form)]));
  const price = parsePrice(form.price);
  if (form.price !== before.price && price !== undefined) change.price = price;
  if (form.reviewed || !same(form.verdicts, before.verdicts))
    change.allergen_info = {
      ...listsOf(form.verdicts, item.allergen_info),
      ...(form.reviewed && { reviewed: true }),
    };
  return change;
}
