import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { account } from '../test/databend/accounting.mjs';
import { openCheckout } from '../test/databend/checkout.mjs';
import { ON_PURPOSE } from '../test/databend/differences.mjs';
import { runLogicFile } from '../test/databend/logic/logic-run.mjs';
import { QuerySession } from '../test/databend/query-session.mjs';
import { runShellSuite } from '../test/databend/shell/shell-run.mjs';
import { COMMIT, LOGIC, LOGIC_FILES, SHELL_DIRECTORIES, SHELL_SUITES } from '../test/databend/suites.mjs';
import { builtBendsql } from './lib/bendsql-build.mjs';
import { startBuiltServer } from './lib/built-server.mjs';
import { onInterruption } from './lib/interruption.mjs';

/*
 * Runs Databend's own tests of users, roles, grants and stages against the built server, each file against an empty one:
 * `DATABEND_CHECKOUT=<work tree or bare repository> npm run databend-tests`, `-- 05_0004 set_role` for some of them.
 * It fails on a difference that test/databend/differences.mjs does not list, and on a listed one that is none any more.
 */

const PATHS = [
  'tests/shell_env.sh',
  'tests/data',
  LOGIC,
  'tests/suites/0_stateless/18_rbac',
  'tests/suites/1_stateful/00_stage',
];
const MAX_LINES = 12;
const MAX_LENGTH = 400;

async function withServer(roots, run) {
  // Databend has no lowest length of passwords by itself.
  const settings = { FS_STAGE_ROOTS: roots.join(':'), PASSWORD_MIN_LENGTH: '1' };
  const server = await startBuiltServer(settings);
  try {
    return await run(server.host);
  } finally {
    await server.stop();
  }
}

/** The stage `data` of logic tests is the folder of the checkout, as Databend's own runner sets it up. */
async function runLogic(checkout, file) {
  const data = join(checkout, 'tests/data');
  return withServer([data], async (host) => {
    const url = `http://${host}`;
    if (file.startsWith(`${LOGIC}stage/`)) {
      const session = await QuerySession.open(url);
      await session.run(`CREATE STAGE data URL = 'fs://${data}/' FILE_FORMAT = (TYPE = PARQUET)`);
    }
    return runLogicFile(url, checkout, file);
  });
}

async function runShell(checkout, suite, options) {
  for (const directory of SHELL_DIRECTORIES) mkdirSync(directory, { recursive: true });
  try {
    return await withServer(SHELL_DIRECTORIES, (host) => runShellSuite(host, checkout, suite, options));
  } finally {
    for (const directory of SHELL_DIRECTORIES) rmSync(directory, { recursive: true, force: true });
  }
}

function tell({ file, checks, passed, differences, notes }, { unexpected, stale }) {
  for (const difference of unexpected) tellDifference(difference);
  for (const place of stale) console.log(`\n${file}:${String(place)}: is listed, and differs no more`);
  for (const note of notes) console.log(`note: ${note}`);
  const onPurpose = differences.length - unexpected.length;
  console.log(
    `${file}: ${passed} of ${checks} as expected, ${onPurpose} on purpose, ${unexpected.length} differ`,
  );
}

function tellDifference({ file, line, what, expected, got }) {
  console.log(`\n${file}:${line}: ${oneLine(what)}`);
  for (const [sign, lines] of [
    ['-', expected],
    ['+', got],
  ]) {
    for (const text of lines.slice(0, MAX_LINES)) console.log(`  ${sign} ${oneLine(text)}`);
    if (lines.length > MAX_LINES) console.log(`  ${sign} … ${lines.length - MAX_LINES} more`);
  }
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').slice(0, MAX_LENGTH);
}

/** The runs that are asked for: all, or those whose names hold one of the words. A path of a logic test may be any. */
function chosenRuns(checkout, words) {
  const isChosen = (name) => words.length === 0 || words.some((word) => name.includes(word));
  const others = words.filter((word) => word.endsWith('.test')).map((word) => `${LOGIC}${word}`);
  const files = new Set([...LOGIC_FILES.filter(isChosen), ...others]);
  const logic = Array.from(files, (file) => () => runLogic(checkout, file));
  const suites = SHELL_SUITES.filter(({ script }) => isChosen(script));
  const bendsql = builtBendsql();
  if (suites.length > 0 && bendsql === undefined) {
    console.log(
      'Without the shell suites: BENDSQL names no bendsql, and `npm run clients -- bendsql` has built none.',
    );
    return logic;
  }
  const leftOut = ON_PURPOSE.leftOut.map(({ pattern }) => pattern);
  const shell = suites.map((suite) => () => runShell(checkout, suite, { bendsql, leftOut }));
  return [...logic, ...shell];
}

async function main(words) {
  const source = process.env.DATABEND_CHECKOUT;
  if (!source) throw new Error('DATABEND_CHECKOUT names no checkout of databendlabs/databend');
  const options = { commit: COMMIT, paths: PATHS, report: (line) => console.error(line) };
  const checkout = await openCheckout(source, options);
  const callOff = onInterruption(checkout.close);
  try {
    const runs = chosenRuns(checkout.folder, words);
    if (runs.length === 0) throw new Error(`no file is named ${words.join(', ')}`);
    for (const run of runs) {
      const outcome = await run();
      const accounted = account(outcome, ON_PURPOSE);
      tell(outcome, accounted);
      if (accounted.unexpected.length + accounted.stale.length > 0) process.exitCode = 1;
    }
  } finally {
    callOff();
    checkout.close();
  }
}

await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
