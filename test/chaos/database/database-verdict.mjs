/** @import { Outage } from './database-outages.mjs' */
/** @import { MixedLoad } from './mixed-load.mjs' */
/** @import { ReadinessWatch } from './readiness-watch.mjs' */
/** @import { Refusal } from './timed-requests.mjs' */

/** So soon after the database is back everything succeeds again. */
const RECOVERY_MS = 5000;
/** So long a server may not have noticed: a result of the probe is a second old at most, and a probe takes a second. */
const UNNOTICED_MS = 2500;

/**
 * What an outage has done: figures, and `violations`.
 *
 * @param {Outage} outage
 * @param {number} until when the next one began
 * @param {{ load: MixedLoad, watch: ReadinessWatch }} seen
 */
export function verdictOn({ name, awayAt, backAt, gone }, until, { load, watch }) {
  const refused = load.refused.filter(({ ended }) => ended >= awayAt && ended < until);
  const recoveryMs = Math.max(0, ...refused.map(({ began }) => began - backAt));
  const readyMs = watch.recoveryMs(backAt, until);
  const violations = [];
  if (readyMs > RECOVERY_MS)
    violations.push(`a server was not ready ${seconds(readyMs)} s after it was back`);
  if (gone !== undefined)
    violations.push(...readyWhileAway(watch.statuses(gone.from + UNNOTICED_MS, gone.to)));
  return {
    name,
    refused: refused.length,
    recoveryMs,
    readyMs,
    violations: violations.map((text) => `${name}: ${text}`),
  };
}

/**
 * Requests that were refused though they were sent while the database was there, or long after it was back.
 *
 * @param {readonly Refusal[]} refused
 * @param {readonly Outage[]} outages
 */
export function refusedWithoutReason(refused, outages) {
  const isExcused = (/** @type {Refusal} */ { began, ended }) =>
    outages.some(({ awayAt, backAt }) => ended >= awayAt && began <= backAt + RECOVERY_MS);
  return refused
    .filter((refusal) => !isExcused(refusal))
    .map(({ message }) => `refused while it was there: ${message}`);
}

/** @param {readonly number[]} statuses */
function readyWhileAway(statuses) {
  const others = statuses.filter((status) => status !== 503);
  if (statuses.length === 0) return ['nobody has asked whether it was ready'];
  return others.length === 0 ? [] : [`/ready was ${others[0]} while it was away, ${others.length} times`];
}

/** @param {number} ms */
export function seconds(ms) {
  return (ms / 1000).toFixed(1);
}
