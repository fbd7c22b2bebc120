import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

// `large` takes gigabytes and minutes: `npm run test:large`.
const PROJECTS = ['unit', 'conformance', 'e2e', 'e2e-postgres', 'acceptance', 'fuzz', 'chaos'];
/** One more than the two cores of CI: many files wait for seconds, for timeouts, disks and processes. */
const WORKERS = 3;
const root = dirname(import.meta.dirname);

function has(args, ...options) {
  return args.some((arg) => options.some((option) => arg === option || arg.startsWith(`${option}=`)));
}

function jestArguments(args) {
  const reporter = join(import.meta.dirname, 'summary-reporter.mjs');
  const defaults = ['--reporters=default', `--reporters=${reporter}`];
  if (!has(args, '--maxWorkers', '-w', '--runInBand', '-i')) defaults.push(`--maxWorkers=${WORKERS}`);
  // Last, because --selectProjects takes every argument that follows it.
  const selection = has(args, '--selectProjects') ? [] : ['--selectProjects', ...PROJECTS];
  return [...defaults, ...args, ...selection];
}

async function runJest(args, summaryFile) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const options = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules`.trim();
  const env = { ...process.env, NODE_OPTIONS: options, TEST_SUMMARY_FILE: summaryFile };
  const child = spawn(process.execPath, [jest, ...jestArguments(args)], { cwd: root, env, stdio: 'inherit' });
  // The terminal sends SIGINT to Jest as well: wait for it to clean up.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  return code ?? 128 + constants.signals[signal];
}

function readSummary(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  console.error('Jest ended before it had a result.');
  return { passed: 0, failed: 0, skipped: 0 };
}

async function main(args) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-tests-'));
  const summaryFile = join(folder, 'summary.json');
  try {
    process.exitCode = await runJest(args, summaryFile);
    const { passed, failed, skipped } = readSummary(summaryFile);
    // Jest counts what -t leaves out as skipped; that is no reason to fail.
    if (process.env.CI && skipped > 0 && !has(args, '-t', '--testNamePattern')) {
      console.error('A test was skipped: in CI every test must run.');
      process.exitCode ||= 1;
    }
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
