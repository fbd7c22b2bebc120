import { ask } from '../revocations/person.mjs';
import { ROOT, STAGE } from './audit-load.mjs';

/** @import { Done } from './audit-load.mjs' */

/**
 * An event, as far as the verdict reads it.
 *
 * @typedef {object} Told
 * @property {string} action
 * @property {string} outcome
 * @property {string | null} stage
 * @property {string | null} path
 * @property {number | null} bytes
 * @property {number} count
 */

/** What a killed server had not written: events wait for a second, and a busy machine takes its time. */
const LOST_BEFORE_KILL_MS = 3000;

/**
 * @param {string} url
 * @returns {Promise<Told[]>} all events, page by page
 */
export async function readAudit(url) {
  /** @type {Told[]} */
  const events = [];
  for (let cursor = ''; ;) {
    const { status, body } = await ask(url, `/v1/audit?limit=1000${cursor}`, { authorization: ROOT });
    if (status !== 200) throw new Error(`the audit was answered ${status}`);
    events.push(...body.events);
    if (body.next_cursor === null) return events;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

/**
 * Compares what was done with what the audit tells.
 *
 * @param {readonly Done[]} done
 * @param {readonly Told[]} told
 * @param {{ server: number, at: number }} kill
 */
export function compare(done, told, kill) {
  const events = told.filter(({ stage }) => stage === STAGE);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const event of events) {
    const key = keyOf(event);
    counts.set(key, (counts.get(key) ?? 0) + (isCounted(event) ? event.count : 1));
  }
  const violations = [];
  let lost = 0;
  for (const each of done) {
    if (each.action === 'user.sign_in') continue; // of nobody: added up below
    const key = keyOf(each);
    const found = counts.get(key) ?? 0;
    counts.delete(key);
    const isAnswered = Number.isFinite(each.answeredAt);
    if (found > 1) violations.push(`${key} is told of ${found} times`);
    if (found === 1 || !isAnswered) continue;
    if (!isChange(each) && mayBeLost(each, kill)) lost += 1;
    else violations.push(`${key} was answered by server ${each.server}, and is not told of`);
  }
  for (const key of counts.keys()) if (isOfFile(key)) violations.push(`${key} is told of, and was not done`);
  violations.push(...signInViolations(done, told, kill));
  return { violations, lost, events: events.length };
}

/**
 * @param {readonly Done[]} done
 * @param {readonly Told[]} told
 * @param {{ server: number, at: number }} kill
 */
function signInViolations(done, told, kill) {
  const tried = done.filter(({ action }) => action === 'user.sign_in');
  const answered = tried.filter(({ answeredAt }) => Number.isFinite(answeredAt));
  const least = answered.filter((each) => !mayBeLost(each, kill)).length;
  const sum = told
    .filter(({ action, outcome }) => action === 'user.sign_in' && outcome === 'denied')
    .reduce((total, { count }) => total + count, 0);
  return sum >= least && sum <= tried.length
    ? []
    : [`${sum} wrong passwords are told of, and there were ${least} to ${tried.length}`];
}

/**
 * @param {Done} request
 * @param {{ server: number, at: number }} kill
 */
function mayBeLost({ server, answeredAt }, kill) {
  return server === kill.server && answeredAt > kill.at - LOST_BEFORE_KILL_MS && answeredAt <= kill.at + 1000;
}

/** @param {Pick<Done, 'action' | 'outcome'>} request */
function isChange({ action, outcome }) {
  return outcome === 'success' && action !== 'file.get';
}

/**
 * Whether the event stands for as many requests as it counts. A removal counts its files.
 *
 * @param {Told} event
 */
function isCounted({ action, outcome }) {
  return outcome === 'denied' || action === 'file.get';
}

/** @param {string} key */
function isOfFile(key) {
  return /^file\.(put|get|remove) (success|denied) /.test(key);
}

/** @param {Pick<Told, 'action' | 'outcome' | 'path' | 'bytes'>} event */
function keyOf({ action, outcome, path, bytes }) {
  return `${action} ${outcome} ${path ?? ''} ${outcome === 'success' ? (bytes ?? 0) : 0}`;
}
