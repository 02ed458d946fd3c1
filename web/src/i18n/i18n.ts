import IntlMessageFormat from 'intl-messageformat';
import { create } from 'zustand';
import { recall, remember } from '../lib/storage';
import en from './messages/en.json';

export type MessageKey = keyof typeof en;
export type Values = Record<string, string | number | Date>;
export type Translate = (key: MessageKey, values?: Values) => string;

/** The languages of the interface, in their own words. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' } as const;
export type Language = keyof typeof LANGUAGES;

/** Texts, or syntax trees of texts with parts that vary; see scripts/icuPlugin.mjs. */
type Catalog = Record<string, ConstructorParameters<typeof IntlMessageFormat>[0]>;

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;
const STORED = 'language';
const catalogs = import.meta.glob<Catalog>(['./messages/*.json', '!./messages/en.json'], {
  import: 'default',
});

interface I18n {
  language: Language;
  /** How dates and money are written: the guest's own region, when it is of the language shown. */
  locale: string;
  catalog: Catalog;
}

export const directionOf = (language: string) => (RIGHT_TO_LEFT.test(language) ? 'rtl' : 'ltr');

const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

/** The first wish that we speak; English when there is none. */
export function chooseLanguage(wishes: readonly (string | null)[]): Language {
  const spoken = wishes.map((wish) => wish?.toLowerCase().split('-')[0] ?? '').find(isLanguage);
  return spoken ?? 'en';
}

export function localeFor(language: Language, wishes: readonly string[]): string {
  return wishes.find((wish) => wish.toLowerCase().split('-')[0] === language) ?? language;
}

const wishes = () => (typeof navigator === 'undefined' ? [] : (navigator.languages ?? []));

export const useI18n = create<I18n>(() => ({
  language: 'en',
  locale: localeFor('en', wishes()),
  catalog: en as unknown as Catalog,
}));

async function show(language: Language): Promise<void> {
  const load = catalogs[`./messages/${language}.json`];
  const catalog = load ? await load() : (en as unknown as Catalog);
  formats.clear();
  useI18n.setState({ language, catalog, locale: localeFor(language, wishes()) });
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

/** Before the first picture: what the guest chose here, else what the browser asks for. */
export async function startLanguage(): Promise<void> {
  await show(chooseLanguage([recall(STORED), ...wishes()])).catch(() => undefined); // English stays
}

export async function setLanguage(language: Language): Promise<void> {
  await show(language);
  remember(STORED, language);
}

const formats = new Map<string, IntlMessageFormat>();

function format(key: MessageKey, { catalog, locale }: I18n, values?: Values): string {
  const text = catalog[key];
  if (typeof text === 'string' || text === undefined) return text ?? key;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new IntlMessageFormat(text, locale)));
  return String(made.format(values));
}

/** The words of a key in the language shown; for code outside of components. */
export const translate: Translate = (key, values) => format(key, useI18n.getState(), values);

/** The same for components, which then follow a change of the language. */
export function useT(): Translate {
  const state = useI18n();
  return (key, values) => format(key, state, values);
}

export const useLocale = () => useI18n((state) => state.locale);

/** A key that is made at run time, such as an allergen's; `otherwise` when there is no such message. */
export function maybe(t: Translate, key: string, otherwise: string): string {
  return Object.hasOwn(en, key) ? t(key as MessageKey) : otherwise;
}
