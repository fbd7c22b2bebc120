import { FormConnection } from './form-connection.mjs';
import { outcomeOf } from './form-outcome.mjs';
import { FormStage } from './form-stage.mjs';
import { verdictOf } from './oracle/form-verdict.mjs';

/** @import { FormCase } from './form-cases.mjs' */
/** @import { FormEnd } from './form-connection.mjs' */
/** @import { Outcome } from './form-outcome.mjs' */
/** @import { FormServer } from './form-server.mjs' */
/** @import { Verdict } from './oracle/form-verdict.mjs' */

/** @typedef {{ problem: string, verdict?: Verdict, answer?: FormEnd }} Finding */
/** @typedef {Finding & { kind: string, label: string, bytes: Buffer }} FormViolation */
/** @typedef {Record<string, number>} Counts */
/**
 * @typedef {object} FormSummary
 * @property {number} forms
 * @property {Counts} kinds
 * @property {Counts} verdicts
 * @property {Counts} tooStrict
 * @property {Counts} doubtfulAccepted
 * @property {Counts} broken
 * @property {FormViolation[]} violations
 */

const CONNECTIONS = 16;
/** A run that goes wrong everywhere needs no more than these to tell why. */
const MAX_VIOLATIONS = 20;

/**
 * Sends cases to a server and checks its answers.
 *
 * @param {FormServer} server
 * @param {Iterable<FormCase>} cases
 * @param {{ checkEvery?: number }} [options] Every so many accepted forms are listed and fetched through the service.
 */
export async function fuzzForms(server, cases, { checkEvery = 20 } = {}) {
  const run = new FormRun(server, checkEvery);
  const iterator = cases[Symbol.iterator]();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => run.work(iterator)));
  return run.summary;
}

class FormRun {
  /** @type {FormSummary} */
  summary = {
    forms: 0,
    kinds: {},
    verdicts: {},
    tooStrict: {},
    doubtfulAccepted: {},
    broken: {},
    violations: [],
  };
  #server;
  #stage;
  #checkEvery;
  #accepted = 0;
  /** @type {Set<FormCase>} */
  #running = new Set();

  /**
   * @param {FormServer} server
   * @param {number} checkEvery
   */
  constructor(server, checkEvery) {
    this.#server = server;
    this.#stage = new FormStage(server.port, server.dataFolder);
    this.#checkEvery = checkEvery;
    server.child.once('exit', (code, signal) => {
      const labels = [...this.#running].map(({ label }) => label).join('; ');
      const [first] = this.#running;
      if (first === undefined) return;
      this.#violation('crash', first, { problem: `the server ended (${signal ?? code}) under: ${labels}` });
    });
  }

  /** @param {Iterator<FormCase>} iterator */
  async work(iterator) {
    const connection = new FormConnection(this.#server.port);
    for (let next = iterator.next(); !next.done && !this.#isHopeless(); next = iterator.next()) {
      this.#running.add(next.value);
      await this.#try(connection, next.value);
      this.#running.delete(next.value);
    }
    connection.close();
  }

  #isHopeless() {
    return this.#server.child.exitCode !== null || this.summary.violations.length >= MAX_VIOLATIONS;
  }

  /**
   * @param {FormConnection} connection
   * @param {FormCase} sent
   */
  async #try(connection, sent) {
    const verdict = verdictOf(sent.bytes);
    const answer = await exchange(connection, sent, verdict.framing);
    const stored = this.#stage.filesIn(sent.directory);
    const outcome = outcomeOf(verdict, answer, stored);
    const problem = outcome.violation ?? (await this.#problemOfSample(outcome.kind, sent.directory, stored));
    this.#count(verdict, outcome);
    if (problem !== undefined) this.#violation(outcome.kind, sent, { problem, verdict, answer });
    if (stored.size > 0) this.#stage.remove(sent.directory);
  }

  /**
   * @param {string} kind
   * @param {string} directory
   * @param {ReadonlyMap<string, Buffer>} stored
   */
  async #problemOfSample(kind, directory, stored) {
    if (kind !== 'accepted' || this.#accepted++ % this.#checkEvery !== 0) return undefined;
    return this.#stage.problemOfListing(directory, stored);
  }

  /**
   * @param {Verdict} verdict
   * @param {Outcome} outcome
   */
  #count({ verdict, reason }, { kind, reason: refusal }) {
    const { kinds, verdicts, tooStrict, doubtfulAccepted, broken } = this.summary;
    this.summary.forms++;
    add(kinds, kind);
    add(verdicts, verdict);
    if (verdict === 'broken') add(broken, reason);
    if (verdict === 'doubtful' && kind === 'accepted') add(doubtfulAccepted, reason);
    if (verdict === 'whole' && kind !== 'accepted') add(tooStrict, refusal ?? kind);
  }

  /**
   * @param {string} kind
   * @param {FormCase} sent
   * @param {Finding} finding
   */
  #violation(kind, { label, bytes }, finding) {
    this.summary.violations.push({ kind, label, bytes, ...finding });
  }
}

/**
 * @param {Counts} counts
 * @param {string} key
 */
function add(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}

/**
 * What is cut short is closed behind its last byte; what goes on after a request is nobody's concern.
 * @param {FormConnection} connection
 * @param {FormCase} sent
 * @param {Verdict['framing']} framing
 */
async function exchange(connection, { bytes, splits }, framing) {
  const last = framing === 'short' || framing === 'broken';
  const answer = await connection.exchange(bytes, { splits, last });
  if (framing === 'excess') connection.close();
  return answer;
}
