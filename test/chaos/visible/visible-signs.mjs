import { readFileSync } from 'node:fs';

import { attributeOf } from '../../support/otlp-collector.mjs';

/** @import { Collector, Span } from '../../support/otlp-collector.mjs' */
/** @import { Fault } from './visible-scenes.mjs' */

/** @typedef {{ url: string, logFile: string, collector: Collector, token: string }} Subject */
/** @typedef {'ready' | 'metrics' | 'log' | 'trace'} Place */
/** @typedef {Record<Place, string | undefined>} Signs What each place says of a fault; undefined where it says nothing. */
/** @typedef {{ check: string, ok: boolean, slow?: true, reason?: string }} CheckState */

/** Seconds from which on a check counts as slow. */
const SLOW_SECONDS = 1;
const ERRORS = /^stagedoor_(store|database)_errors_total\{.*kind="(?!NotFound|PreconditionFailed)/;

/**
 * What a server says of a fault now, in four places.
 * @param {Subject} subject
 * @param {Fault} fault
 * @param {ReadonlyMap<string, number>} before the samples of its metrics before the fault
 * @returns {Promise<Signs>}
 */
export async function signsOf(subject, fault, before) {
  const [ready, metrics] = await Promise.all([readySign(subject, fault), metricSign(subject, fault, before)]);
  return { ready, metrics, log: logSign(subject, fault), trace: traceSign(subject, fault) };
}

/**
 * @param {Subject} subject
 * @param {Fault} fault
 */
async function readySign({ url }, { check, isSlow }) {
  const answer = await fetch(`${url}/ready`);
  const { checks } = /** @type {{ checks: CheckState[] }} */ (await answer.json()); // openapi.json says so
  const found = checks.find((one) => one.check === check);
  if (isSlow) return found?.slow && answer.ok ? '`"ok":true,"slow":true`' : undefined;
  return found?.ok === false && answer.status === 503 ? found.reason : undefined;
}

/** @param {Subject} subject */
export async function samplesOf({ url, token }) {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/**
 * The gauge of the check, and errors that have been counted since.
 * @param {Subject} subject
 * @param {Fault} fault
 * @param {ReadonlyMap<string, number>} before
 */
async function metricSign(subject, { check, isSlow }, before) {
  const now = await samplesOf(subject);
  if (isSlow) {
    const name = `stagedoor_check_seconds{check="${check}"}`;
    return (now.get(name) ?? 0) >= SLOW_SECONDS ? `\`${name}\`` : undefined;
  }
  const gauge = `stagedoor_ready{check="${check}"}`;
  if (now.get(gauge) !== 0) return undefined;
  const counted = [...now].filter(([name, count]) => ERRORS.test(name) && count > (before.get(name) ?? 0));
  const kinds = counted.map(([name]) => /kind="(\w+)"/.exec(name)?.[1]);
  return [`\`${gauge}\``, ...new Set(kinds.map((kind) => `errors of kind \`${kind}\``))].join(', ');
}

/**
 * The last line about the check.
 * @param {Subject} subject
 * @param {Fault} fault
 */
function logSign({ logFile }, { check, isSlow }) {
  const lines = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"context":"Health"'));
  const said = lines.map(
    (line) => /** @type {{ msg: string, check: string, ok: boolean }} */ (JSON.parse(line)),
  );
  const last = said.filter((line) => line.check === check).at(-1);
  if (isSlow) return last?.msg.startsWith('slow: ') ? last.msg : undefined;
  return last?.ok === false ? last.msg : undefined;
}

/**
 * A span of the check that has failed, or was slow.
 * @param {Subject} subject
 * @param {Fault} fault
 */
function traceSign({ collector }, { check, isSlow }) {
  const name = `check ${check}`;
  const spans = collector.spans().filter((span) => span.name === name);
  if (isSlow) return spans.some((span) => secondsOf(span) >= SLOW_SECONDS) ? `\`${name}\`` : undefined;
  const error = spans.map((span) => attributeOf(span, 'error.type')).find((type) => type !== undefined);
  return error === undefined ? undefined : `\`${name}\`, \`${error}\``;
}

/** @param {Span} span */
function secondsOf({ startTimeUnixNano, endTimeUnixNano }) {
  return Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e9;
}
