import { describe, expect, it } from 'vitest';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseLanguage, directionOf, LANGUAGES, localeFor } from './i18n';

type Texts = Record<string, string>;

const SOURCE = fileURLToPath(new URL('..', import.meta.url));

/** Who speaks: the guests' pages, and the desk. The code of each is below its folder. */
const SPEAKERS = {
  guests: { messages: 'i18n', code: '' },
  desk: { messages: 'features/admin', code: 'features/admin' },
};

const textsOf = (folder: string, language: string) =>
  JSON.parse(readFileSync(join(SOURCE, folder, 'messages', `${language}.json`), 'utf8')) as Texts;

/** All code below a folder, in one text. */
const codeOf = (folder: string) =>
  readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|^gen/.test(name))
    .map((name) => readFileSync(join(SOURCE, folder, name), 'utf8'))
    .join('\n');

/** Beginnings of keys that are put together at run time: `role.${name}`. */
const begun = (code: string) =>
  [...code.matchAll(/`([a-z_]+\.(?:[a-z_]+\.)?)\$\{/g)].map((found) => found[1] as string);

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

for (const [who, { messages, code }] of Object.entries(SPEAKERS)) {
  const english = textsOf(messages, 'en');
  it(`has no message for ${who} that nobody asks for`, () => {
    const words = codeOf(code);
    const beginnings = begun(words);
    const unused = Object.keys(english).filter(
      (key) => !words.includes(`'${key}'`) && !beginnings.some((beginning) => key.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });

  for (const language of Object.keys(LANGUAGES)) {
    describe(`messages for ${who} in ${language}`, () => {
      const texts = textsOf(messages, language);
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
