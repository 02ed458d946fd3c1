// Replaces src/gen/types.ts by the types generated from schemas/ (build/gen/types.ts of the C build).
import { copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const generated = join(web, '..', 'build', 'gen', 'types.ts');

if (!existsSync(generated)) {
  console.error('build/gen/types.ts is missing: build the schema compiler and run it first (make gen).');
  process.exit(1);
}
copyFileSync(generated, join(web, 'src', 'gen', 'types.ts'));
console.log('src/gen/types.ts <- build/gen/types.ts');
