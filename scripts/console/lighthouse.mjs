import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { runCommand } from '../lib/run-command.mjs';
import { chromiumPath, startSite } from './site.mjs';

/*
 * Lighthouse on the page of the console, five times: `npm run console:lighthouse`. It is fetched by npx, in the version named here,
 * and sees the page where one signs in: it cannot sign in itself. axe looks at all other views, in the tests.
 */

const LIGHTHOUSE = 'lighthouse@12.2.3';
/** Scores out of 100 that the median must reach. */
const LEAST = { accessibility: 100, 'best-practices': 95, performance: 0 };

async function main() {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
  const site = await startSite();
  const folder = await mkdtemp(join(tmpdir(), 'stagedoor-lighthouse-'));
  try {
    const reports = [];
    for (let run = 1; run <= Number(values.runs); run++) reports.push(await scoresOf(site.url, folder));
    for (const [category, least] of Object.entries(LEAST)) {
      const scores = reports.map((report) => report[category]);
      const median = medianOf(scores);
      console.log(
        `${category}: ${median} (${scores.join(', ')})${median < least ? `, less than ${least}` : ''}`,
      );
      if (median < least) process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await site.stop();
  }
}

/** @param {string} url @param {string} folder @returns {Promise<Record<string, number>>} */
async function scoresOf(url, folder) {
  const file = join(folder, 'report.json');
  const flags = ['--quiet', '--output=json', `--output-path=${file}`];
  const categories = `--only-categories=${Object.keys(LEAST).join(',')}`;
  const env = { ...process.env, CHROME_PATH: chromiumPath() };
  const chrome = '--chrome-flags=--headless=new --no-sandbox --disable-gpu';
  await runCommand('npx', ['--yes', LIGHTHOUSE, `${url}/`, ...flags, categories, chrome], { env });
  const { categories: found } = JSON.parse(await readFile(file, 'utf8'));
  return Object.fromEntries(Object.keys(LEAST).map((name) => [name, Math.round(found[name].score * 100)]));
}

/** @param {number[]} numbers */
function medianOf(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

await main();
