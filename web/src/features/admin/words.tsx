import { createContext, use, useContext, useMemo, type ReactNode } from 'react';
import { speak, useI18n, useLocale, type Catalog, type Language, type Values } from '../../i18n/i18n';
import type en from './messages/en.json';

export type DeskKey = keyof typeof en;
export type DeskWords = (key: DeskKey, values?: Values) => string;

/** The desk has messages of its own, one language at a time: guests never load them. */
const catalogs = import.meta.glob<Catalog>('./messages/*.json', { import: 'default' });
const asked = new Map<Language, Promise<Catalog>>();

function load(language: Language): Promise<Catalog> {
  const fetch = catalogs[`./messages/${language}.json`];
  if (!fetch) throw new Error(`the desk has no messages in ${language}`);
  const known = asked.get(language) ?? fetch();
  asked.set(language, known);
  // Of a chunk that did not arrive another try is worth it.
  known.catch(() => asked.delete(language));
  return known;
}

const Spoken = createContext<DeskWords>((key) => key);

/** What is inside speaks the language of the interface; it waits for its words. */
export function DeskLanguage({ children }: { children: ReactNode }) {
  const language = useI18n((state) => state.language);
  const locale = useLocale();
  const catalog = use(load(language));
  const words = useMemo(() => speak<DeskKey>(catalog, locale), [catalog, locale]);
  return <Spoken value={words}>{children}</Spoken>;
}

export const useDesk = () => useContext(Spoken);
