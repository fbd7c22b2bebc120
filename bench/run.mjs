import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';

import { makeContext } from './lib/context.mjs';
import { describeMachine } from './report/machine.mjs';
import { readOptions, USAGE } from './lib/options.mjs';
import { table } from './report/table.mjs';
import { Unavailable } from './lib/unavailable.mjs';
import { makeWorkspace } from './lib/workspace.mjs';
import { writeDocs } from './report/docs.mjs';

const ROWS = join(import.meta.dirname, 'rows');
const report = (line) => console.error(line);

/** One file a row, named by its number. */
async function loadRows(only) {
  const files = readdirSync(ROWS).filter((name) => /^\d+-/.test(name));
  const rows = files.map((file) => ({ number: Number.parseInt(file, 10), file }));
  const chosen = rows.filter(({ number }) => only === undefined || only.includes(number));
  chosen.sort((one, other) => one.number - other.number);
  return Promise.all(
    chosen.map(async ({ number, file }) => ({ number, ...(await import(join(ROWS, file))) })),
  );
}

async function measureRow({ number, title, measure }, context) {
  report(`row ${number}: ${title}`);
  const start = performance.now();
  const finished = (result) => {
    const seconds = (performance.now() - start) / 1000;
    return { number, title, seconds, loadAfter: loadavg()[0], ...result };
  };
  try {
    return finished(await measure(context));
  } catch (error) {
    const reason = error instanceof Unavailable ? error.message : `it failed: ${error.stack}`;
    report(`  cannot run: ${reason}`);
    return finished({ figures: [], facts: [], reason, hasFailed: !(error instanceof Unavailable) });
  } finally {
    await context.endRow();
  }
}

const SLOW_CREATION_MICROSECONDS = 100;

function warnOfSlowCreation({ creationMicroseconds }) {
  if (creationMicroseconds <= SLOW_CREATION_MICROSECONDS) return;
  report(
    `creating a file takes ${creationMicroseconds} us, as on ext4 for minutes after many files were deleted:`,
  );
  report('rows 1 and 3 will be slow; wait for five minutes, or name another folder by --folder');
}

function writeResults(results, file) {
  const json = resolve(file);
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
}

async function main(args) {
  const options = readOptions(args);
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const start = performance.now();
  const workspace = makeWorkspace(options.folder);
  const results = { ...describeMachine(options, workspace.folder), rows: [] };
  warnOfSlowCreation(results);
  try {
    for (const { builds, only } of options.comparisons) {
      const context = makeContext({ options, builds, workspace, report });
      for (const row of await loadRows(only)) {
        results.rows.push(await measureRow(row, context));
        console.log(table(results.rows.slice(-1)));
        results.versions = context.versions;
        results.seconds = (performance.now() - start) / 1000;
        // After each row, so that a run that is broken off has not been for nothing.
        writeResults(results, options.json);
      }
    }
  } finally {
    workspace.remove();
  }
  report(`${(results.seconds / 60).toFixed(1)} minutes in all`);
  if (options.writeDocs) await writeDocs(results);
  if (results.rows.some(({ hasFailed }) => hasFailed)) process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`npm run bench: ${error.message}\n\n${USAGE}`);
  process.exitCode = 1;
}
