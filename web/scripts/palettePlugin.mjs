// Makes virtual:palette.css from src/ui/palette.json: the colours as custom properties, by day and by night. Before any script has run the device
// decides which; then the guest, by data-scheme.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'virtual:palette.css';
const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'ui', 'palette.json');

export function printPalette({ light, dark }) {
  const block = (scheme, colors) =>
    [`color-scheme:${scheme}`, ...Object.entries(colors).map(([name, color]) => `--${name}:${color}`)].join(
      ';',
    );
  return [
    `:root{${block('light', light)}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-scheme=light]){${block('dark', dark)}}}`,
    `:root[data-scheme=dark]{${block('dark', dark)}}`,
    '',
  ].join('\n');
}

export const palette = () => ({
  name: 'palette',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
  load: (id) => (id === `\0${NAME}` ? printPalette(JSON.parse(readFileSync(source, 'utf8'))) : null),
});
