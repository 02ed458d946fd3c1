// Prints src/gen/allergens.ts from common/allergen.def: names on the wire, what they are members of, and which are regulated.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const ROW = /^ALLERGEN\((\w+),\s*(\w+),\s*(REGULATED|OTHER)\)\nTERM\(\1, en, "([^"]*)"/gm;

export function printTaxonomy(def = readFileSync(join(web, '..', 'common', 'allergen.def'), 'utf8')) {
  const rows = [...def.matchAll(ROW)].map(
    ([, wire, parent, kind, name]) =>
      `  { wire: '${wire}', parent: ${parent === 'none' ? 'null' : `'${parent}'`}, regulated: ${kind === 'REGULATED'}, name: '${name}' },\n`,
  );
  return `// Made by scripts/taxonomy.mjs from common/allergen.def.\n\nexport const TAXONOMY = [\n${rows.join('')}] as const;\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(web, 'src', 'gen', 'allergens.ts'), printTaxonomy());
