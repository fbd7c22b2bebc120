import process from 'node:process';
import { parseArgs } from 'node:util';

import { onInterruption } from './lib/interruption.mjs';
import { mutated, mutationsOf } from './lib/mutants/mutations.mjs';
import { failingCases } from './lib/mutants/specs.mjs';
import { Workspace } from './lib/mutants/workspace.mjs';
import { startMinio } from './minio.mjs';

/*
 * Changes sources on purpose, one place at a time, in a copy, and says which changes no test notices:
 * `npm run mutants -- src/auth/session.service.ts`, `-- --count 20 --seed 1 src/storage/providers/fs/*.ts`.
 */

const USAGE = 'usage: npm run mutants -- [--count 10] [--seed 1] [--line 72] FILE…';

function readArguments() {
  const options = { count: { type: 'string' }, seed: { type: 'string' }, line: { type: 'string' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length === 0) throw new TypeError(USAGE);
  const [count, seed] = [Number(values.count ?? 10), Number(values.seed ?? 1)];
  if (!Number.isInteger(count) || !Number.isInteger(seed)) throw new TypeError(USAGE);
  return {
    files: positionals,
    count,
    seed,
    line: values.line === undefined ? undefined : Number(values.line),
  };
}

function mutationsInOrder(workspace, { files, seed, line }) {
  const all = files.flatMap((file) =>
    mutationsOf(file, workspace.read(file)).map((mutation) => ({ file, ...mutation })),
  );
  const asked = line === undefined ? all : all.filter((mutation) => mutation.line === line);
  return shuffled(asked, seed);
}

/** The same order for the same seed (mulberry32). */
function shuffled(items, seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return items
    .map((item) => ({ item, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function compiles(workspace, { file, ...mutation }) {
  const original = workspace.read(file);
  const complaint = workspace.complaint(file, mutated(original, mutation));
  workspace.complaint(file, original);
  return complaint === undefined;
}

/** The case that notices the change; undefined where none does. */
async function judge(workspace, { file, ...mutation }) {
  const original = workspace.read(file);
  await workspace.write(file, mutated(original, mutation));
  try {
    return (await failingCases(workspace, file))[0];
  } finally {
    await workspace.write(file, original);
  }
}

/** Judges `count` changes, or all that there are. Those that the compiler refuses are nobody's to notice, and do not count. */
async function judgeAll(workspace, chosen) {
  let judged = 0;
  let unnoticed = 0;
  for (const mutation of mutationsInOrder(workspace, chosen)) {
    if (judged === chosen.count) break;
    if (!compiles(workspace, mutation)) continue;
    const noticedBy = await judge(workspace, mutation);
    judged += 1;
    if (noticedBy === undefined) unnoticed += 1;
    console.log(
      `${mutation.file}:${String(mutation.line)}: ${oneLine(mutation.before)} -> ${mutation.after}`,
    );
    console.log(`    ${noticedBy ?? 'NOT NOTICED'}`);
  }
  console.log(`${String(judged)} judged, ${String(unnoticed)} not noticed`);
  process.exitCode = unnoticed === 0 ? 0 : 1;
}

async function main() {
  const chosen = readArguments();
  const workspace = new Workspace();
  const callOff = onInterruption(() => workspace.remove());
  const minio = await startMinio();
  if (minio.endpoint === null) throw new Error(`no MinIO: ${minio.reason}`);
  process.env.S3_TEST_ENDPOINT = minio.endpoint;
  try {
    await judgeAll(workspace, chosen);
  } finally {
    await minio.stop();
    callOff();
    workspace.remove();
  }
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').slice(0, 80);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
