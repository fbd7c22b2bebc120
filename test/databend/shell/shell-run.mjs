import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { lineDifferences } from './line-differences.mjs';

/** @import { Outcome } from '../accounting.mjs' */
/** @import { ShellSuite } from '../suites.mjs' */

const TIMEOUT_MS = 600_000;

/**
 * Runs one of Databend's scripts by bendsql against a server, and compares what it writes with the `.result` beside it.
 * Lines of output that fit a pattern of `leftOut` do not count.
 *
 * @param {string} host
 * @param {string} checkout
 * @param {ShellSuite} suite
 * @param {{ bendsql: string, leftOut: readonly RegExp[] }} options
 * @returns {Promise<Outcome>}
 */
export async function runShellSuite(host, checkout, { script, between }, { bendsql, leftOut }) {
  const file = script.replace(/\.sh$/, '.result');
  const lines = withWholeErrors(linesOf(await outputOf(host, checkout, script, bendsql)));
  const written = lines.filter((line) => !leftOut.some((pattern) => pattern.test(line)));
  const expected = linesOf(readFileSync(join(checkout, file), 'utf8'));
  const [from, to] = between ?? [1, expected.length + 1];
  const part = expected.slice(from - 1, to - 1);
  const got = between === undefined ? written : betweenLines(written, part[0], expected[to - 1]);
  const differences = lineDifferences(part, got).map(({ line, ...difference }) => ({
    file,
    line: line + from - 1,
    what: `the output of ${script}`,
    ...difference,
    error: undefined,
  }));
  const missing = differences.flatMap((difference) => difference.expected).length;
  return { file, checks: part.length, passed: part.length - missing, differences, notes: [] };
}

/**
 * What a script writes to its two outputs, as Databend's runner takes them: in one.
 *
 * @param {string} host
 * @param {string} checkout
 * @param {string} script
 * @param {string} bendsql
 */
async function outputOf(host, checkout, script, bendsql) {
  const [address = '', port = ''] = host.split(':');
  // The scripts call `bendsql` by this name.
  const programs = join(checkout, 'programs');
  rmSync(programs, { recursive: true, force: true });
  mkdirSync(programs);
  symlinkSync(resolve(bendsql), join(programs, 'bendsql'));
  const env = {
    PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: checkout,
    TERM: 'dumb',
    QUERY_MYSQL_HANDLER_HOST: address,
    QUERY_HTTP_HANDLER_PORT: port,
  };
  const child = spawn('bash', ['-c', 'exec bash "$0" 2>&1', join(checkout, script)], {
    env,
    cwd: checkout,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The group of the script: with what it runs.
  const end = () => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGKILL');
  const callOff = onInterruption(end);
  const timer = setTimeout(end, TIMEOUT_MS);
  const [written] = await Promise.all([text(child.stdout), once(child, 'close')]);
  clearTimeout(timer);
  callOff();
  return written;
}

/**
 * An error that shows the statement takes several lines. It becomes one, of its code and what it says at its place. The scripts ask for
 * errors without the version of bendsql, which older ones write all the same.
 *
 * @param {readonly string[]} lines
 */
function withWholeErrors(lines) {
  return lines
    .join('\n')
    .replaceAll(/ \[v[\d.]+\]$/gm, '')
    .replace(/(\[\d+\])error: *\n +--> .*\n(?:(?: *\|| *\d+ \|).*\n)*? *\| +\^+ (.*)\n(?: *\n)*/g, '$1$2\n')
    .replace(/\n$/, '')
    .split('\n');
}

/** @param {string} written */
function linesOf(written) {
  return written.replace(/\n$/, '').split('\n');
}

/**
 * @param {string[]} lines
 * @param {string | undefined} first
 * @param {string | undefined} next
 */
function betweenLines(lines, first, next) {
  const from = lines.findIndex((line) => line === first);
  if (from === -1) return [];
  const length = lines.slice(from).findIndex((line) => line === next);
  return lines.slice(from, length === -1 ? undefined : from + length);
}
