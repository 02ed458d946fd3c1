import IntlMessageFormat from 'intl-messageformat';
import { createContext, createElement, useContext, useMemo, type ReactNode } from 'react';
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
export type Catalog = Record<string, ConstructorParameters<typeof IntlMessageFormat>[0]>;

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

/** Which of the locales is known is asked once, not for each message. */
const resolve = IntlMessageFormat.resolveLocale;
const resolved = new Map<string, ReturnType<typeof resolve>>();
IntlMessageFormat.resolveLocale = (locales) => {
  const key = String(locales);
  if (!resolved.has(key)) resolved.set(key, resolve(locales));
  return resolved.get(key);
};

const formats = new WeakMap<Catalog, Map<string, IntlMessageFormat>>();

function formatOf(key: string, text: Exclude<Catalog[string], string>, catalog: Catalog, locale: string) {
  let known = formats.get(catalog);
  if (!known) formats.set(catalog, (known = new Map<string, IntlMessageFormat>()));
  let made = known.get(key);
  if (!made) known.set(key, (made = new IntlMessageFormat(text, locale)));
  return made;
}

/** The words of a catalog's keys; a key that it lacks stands for itself. */
export const speak =
  <Key extends string>(catalog: Catalog, locale: string) =>
  (key: Key, values?: Values): string => {
    const text = catalog[key];
    if (typeof text === 'string' || text === undefined) return text ?? key;
    return String(formatOf(key, text, catalog, locale).format(values));
  };

/** The words of a key in the language shown; for code outside of components. */
export const translate: Translate = (key, values) => {
  const { catalog, locale } = useI18n.getState();
  return speak<MessageKey>(catalog, locale)(key, values);
};

interface Words {
  t: Translate;
  locale: string;
}

const wordsOf = ({ catalog, locale }: I18n): Words => ({ t: speak(catalog, locale), locale });

/** One subscription for a whole page: a menu of hundreds of dishes asks for words in thousands of places. */
const Spoken = createContext(wordsOf(useI18n.getState()));

/** What is inside follows a change of the language. */
export function Language({ children }: { children: ReactNode }) {
  const state = useI18n();
  const words = useMemo(() => wordsOf(state), [state]);
  return createElement(Spoken, { value: words }, children);
}

/** The words of a key, in components. The function is another one when the language is. */
export const useT = () => useContext(Spoken).t;
export const useLocale = () => useContext(Spoken).locale;

/** A key that is made at run time, such as an allergen's; `otherwise` when there is no such message. */
export function maybe(t: Translate, key: string, otherwise: string): string {
  return Object.hasOwn(en, key) ? t(key as MessageKey) : otherwise;
}
