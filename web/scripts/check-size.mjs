// Prints what a guest loads at first, gzipped, and fails above the limit.
// Counted: the entry of a guest's page, with all it imports statically. The assistant's panel is fetched on the first tap; it is printed too.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 200;
const WIDGET_LIMIT_KB = 30;
const GUEST = ['restaurant', 'guestPage'];
const LATER = ['PanelStage'];

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

function chunksOf(names) {
  const keys = new Set();
  for (const name of names) {
    const key = Object.keys(manifest).find(
      (each) => manifest[each].name === name && (manifest[each].isEntry || manifest[each].isDynamicEntry),
    );
    if (!key) {
      console.error(`check-size: the build has no chunk ${name}; correct the list in scripts/check-size.mjs`);
      process.exit(1);
    }
    closure(key).forEach((each) => keys.add(each));
  }
  return keys;
}

function weigh(keys) {
  let total = 0;
  for (const key of keys) {
    const { file } = manifest[key];
    const bytes = gzipSync(readFileSync(join(dist, file))).length;
    total += bytes;
    console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KB  ${file}`);
  }
  return total / 1024;
}

const first = chunksOf(GUEST);
const kb = weigh(first);
console.log(
  `${kb.toFixed(1).padStart(7)} KB  guest route, first load, gzipped JavaScript (limit ${LIMIT_KB} KB)`,
);
console.log('   later, when the assistant is opened:');
weigh([...chunksOf(LATER)].filter((key) => !first.has(key)));
const widget = gzipSync(readFileSync(join(dist, 'widget.js'))).length / 1024;
console.log(`${widget.toFixed(1).padStart(7)} KB  widget.js (limit ${WIDGET_LIMIT_KB} KB)`);
if (kb > LIMIT_KB || widget > WIDGET_LIMIT_KB) process.exit(1);
