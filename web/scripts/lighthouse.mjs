// Prints Lighthouse's scores (mobile) of the guest's page at BASE_URL, and fails below the limits.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMITS = { performance: 90, accessibility: 100, 'best-practices': 95 };
const url = `${process.env.BASE_URL ?? 'http://127.0.0.1:3000'}/r/the-cookie-jar`;
const report = join(tmpdir(), `lighthouse-${process.pid}.json`);

const { status } = spawnSync(
  'npx',
  [
    'lighthouse',
    url,
    '--quiet',
    '--output=json',
    `--output-path=${report}`,
    `--only-categories=${Object.keys(LIMITS).join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
  ],
  { stdio: ['ignore', 'ignore', 'inherit'], env: { CHROME_PATH: '/usr/bin/chromium', ...process.env } },
);
if (status !== 0) process.exit(1);

const { categories, audits } = JSON.parse(readFileSync(report, 'utf8'));
rmSync(report);
let fine = true;
for (const [name, limit] of Object.entries(LIMITS)) {
  const score = Math.round(categories[name].score * 100);
  fine &&= score >= limit;
  console.log(`${String(score).padStart(5)}  ${name} (at least ${limit})`);
}
for (const audit of ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'])
  console.log(`       ${audits[audit].title}: ${audits[audit].displayValue}`);
if (!fine) process.exit(1);
