// Compiles ICU messages while building, so that no parser is shipped: src/**/messages/*.json become modules whose plain texts are
// strings and whose others are syntax trees.
import { parse } from '@formatjs/icu-messageformat-parser';

const CATALOG = /\/messages\/[a-z]+\.json$/;

export function compileCatalog(texts) {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => {
      const tree = parse(text);
      return [key, tree.length === 1 && tree[0].type === 0 ? tree[0].value : tree];
    }),
  );
}

export function icu() {
  return {
    name: 'icu-messages',
    enforce: 'pre',
    config: () => ({ json: { stringify: true, namedExports: false } }),
    transform(source, id) {
      return CATALOG.test(id)
        ? { code: JSON.stringify(compileCatalog(JSON.parse(source))), map: null }
        : null;
    },
  };
}
