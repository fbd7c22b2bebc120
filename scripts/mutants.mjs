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

function chosenMutations(workspace, { files, count, seed, line }) {
  const all = files.flatMap((file) =>
    mutationsOf(file, workspace.read(file)).map((mutation) => ({ file, ...mutation })),
  );
  const asked = line === undefined ? all : all.filter((mutation) => mutation.line === line);
  return shuffled(asked, seed).slice(0, count);
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

async function judge(workspace, { file, ...mutation }) {
  const original = workspace.read(file);
  const text = mutated(original, mutation);
  const complaint = workspace.complaint(file, text);
  workspace.complaint(file, original);
  if (complaint !== undefined) return `the compiler: ${complaint}`;
  await workspace.write(file, text);
  try {
    return (await failingCases(workspace, file))[0];
  } finally {
    await workspace.write(file, original);
  }
}

async function main() {
  const chosen = readArguments();
  const workspace = new Workspace();
  const callOff = onInterruption(() => workspace.remove());
  const minio = await startMinio();
  if (minio.endpoint === null) throw new Error(`no MinIO: ${minio.reason}`);
  process.env.S3_TEST_ENDPOINT = minio.endpoint;
  let unnoticed = 0;
  try {
    for (const mutation of chosenMutations(workspace, chosen)) {
      const noticedBy = await judge(workspace, mutation);
      if (noticedBy === undefined) unnoticed += 1;
      console.log(
        `${mutation.file}:${String(mutation.line)}: ${oneLine(mutation.before)} -> ${mutation.after}`,
      );
      console.log(noticedBy === undefined ? '    NOT NOTICED' : `    ${noticedBy}`);
    }
  } finally {
    await minio.stop();
    callOff();
    workspace.remove();
  }
  console.log(`${String(unnoticed)} not noticed`);
  process.exitCode = unnoticed === 0 ? 0 : 1;
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
