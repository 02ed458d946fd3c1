import { describe, expect, it } from 'vitest';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readFileSync } from 'node:fs';
import { chooseLanguage, directionOf, LANGUAGES, localeFor } from './i18n';

type Texts = Record<string, string>;
const textsOf = (language: string) =>
  JSON.parse(readFileSync(new URL(`./messages/${language}.json`, import.meta.url), 'utf8')) as Texts;

/** Names of what a message takes, with those inside of its plurals and choices. */
function argumentsOf(tree: MessageFormatElement[]): string[] {
  return tree.flatMap((part) => {
    if (part.type === TYPE.literal || part.type === TYPE.pound) return [];
    const inner =
      part.type === TYPE.plural || part.type === TYPE.select
        ? Object.values(part.options).flatMap((option) => argumentsOf(option.value))
        : [];
    return [part.value, ...inner];
  });
}

const shape = (text: string) => [...new Set(argumentsOf(parse(text)))].sort();

const english = textsOf('en');

for (const language of Object.keys(LANGUAGES)) {
  describe(`messages in ${language}`, () => {
    const texts = textsOf(language);
    it('are complete, and none too many', () => {
      expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    });
    it('take the same arguments', () => {
      for (const [key, text] of Object.entries(texts))
        expect([key, ...shape(text)]).toEqual([key, ...shape(english[key] ?? '')]);
    });
    it('promise nothing about allergens', () => {
      for (const [key, text] of Object.entries(texts))
        if (key.startsWith('allergens.none'))
          expect(text).not.toMatch(/safe|guarantee|sicher|garant|seguro|sûr/i);
    });
  });
}

describe('the language', () => {
  it('is the first wish that we speak', () => {
    expect(chooseLanguage([null, 'it-IT', 'de-CH', 'fr'])).toBe('de');
    expect(chooseLanguage(['ja'])).toBe('en');
    expect(chooseLanguage([])).toBe('en');
  });
  it('keeps the region of the guest when it is of that language', () => {
    expect(localeFor('de', ['en-US', 'de-CH'])).toBe('de-CH');
    expect(localeFor('de', ['en-US'])).toBe('de');
  });
  it('knows which way it is written', () => {
    expect(directionOf('ar')).toBe('rtl');
    expect(directionOf('de')).toBe('ltr');
  });
});
