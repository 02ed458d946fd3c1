// Puts Swagger UI's own files beside our initializer, so that /docs asks no other host for anything.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const target = join(web, 'dist', 'docs-assets');

mkdirSync(target, { recursive: true });
for (const name of ['swagger-ui-bundle.js', 'LICENSE']) copyFileSync(join(source, name), join(target, name));

// Its pictures are written into the style sheet as data: addresses, which our policy refuses: they become files.
const ENDINGS = { 'svg+xml': 'svg', png: 'png', jpeg: 'jpg' };
const PICTURE =
  /url\((?:"data:image\/([a-z+]+);([^,]*),((?:[^"\\]|\\.)*)"|data:image\/([a-z+]+);([^,]*),([^)]*))\)/g;

function picture(kind, encoding, text, at) {
  const name = `picture-${at}.${ENDINGS[kind]}`;
  // Inside quotes the style sheet escapes what the picture holds; %23 and the like are the address's own.
  const bytes =
    encoding === 'base64' ? Buffer.from(text, 'base64') : decodeURIComponent(text.replace(/\\(.)/g, '$1'));
  writeFileSync(join(target, name), bytes);
  return `url(/docs-assets/${name})`;
}

let count = 0;
const css = readFileSync(join(source, 'swagger-ui.css'), 'utf8')
  .replace(PICTURE, (_, ...[a, b, c, x, y, z]) => picture(a ?? x, b ?? y, c ?? z, ++count))
  .replace(/\/\*# sourceMappingURL=.*?\*\//, '');
if (/url\(["']?data:/.test(css)) throw new Error('swagger-ui.css holds a data: address of a new kind');
writeFileSync(join(target, 'swagger-ui.css'), css);
