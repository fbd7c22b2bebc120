import { setTimeout as delay } from 'node:timers/promises';

import { messageOf } from '../../../scripts/lib/error-facts.mjs';
import { LISTED, OPERATIONS } from './mixed-operations.mjs';
import { Refusal, TimedRequests } from './timed-requests.mjs';
import { KnownFiles } from './known-files.mjs';
import { ContentPool } from '../support/contents.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { Random } from '../support/random.mjs';
import { rawUpload } from '../support/upload-requests.mjs';

/** @import { OperationContext } from './mixed-operations.mjs' */

/** @typedef {{ at: number, text: string }} Told when what was told about was begun, on the clock of `performance` */
/**
 * @typedef {object} LoadOptions
 * @property {number} seed
 * @property {number} clients
 * @property {readonly string[]} urls of which the clients take one each, in turn
 * @property {string} password
 * @property {readonly string[]} stages
 */

const LISTED_FILES = 40;
const LISTED_BYTES = 3000;
/** Between two operations of a client: the machine is to serve, not to be exhausted. */
const PAUSE_MS = 40;
const REFUSED_PAUSE_MS = 100;

/** Clients that do everything that a client does, until they are stopped; what is wrong or refused is noted. */
export class MixedLoad {
  files = new KnownFiles();
  operations = 0;
  /** @type {Refusal[]} */
  refused = [];
  /** @type {string[]} */
  wrong = [];
  #options;
  #pool;
  /** @type {TimedRequests[]} */
  #clients = [];
  #names = 0;
  #isStopped = false;

  /** @param {LoadOptions} options */
  constructor(options) {
    this.#options = options;
    this.#pool = new ContentPool(options.seed);
    const { clients, urls, password } = options;
    this.#clients = Array.from(
      { length: clients },
      (_, index) => new TimedRequests(inTurn(urls, index), password),
    );
  }

  /** Uploads what listings are compared with. */
  async prepare() {
    const random = new Random(this.#options.seed, 'listed');
    const stage = inTurn(this.#options.stages, 0);
    const requests = inTurn(this.#clients, 0);
    for (let index = 0; index < LISTED_FILES; index += 1) {
      const name = `${LISTED}${String(index).padStart(3, '0')}.csv`;
      const file = { stage, name, content: this.#pool.take(random, random.below(LISTED_BYTES)) };
      this.files.begin(file);
      const { headers } = await requests.send(rawUpload(file));
      this.files.acknowledge(file, String(headers['x-stagedoor-upload-id']));
    }
  }

  /** Resolves when it was stopped and every operation has ended. */
  async run() {
    const listed = [...this.files.acknowledged];
    await Promise.all(this.#clients.map((requests, index) => this.#client(requests, index, listed)));
  }

  stop() {
    this.#isStopped = true;
  }

  figures() {
    const sum = (/** @type {(client: TimedRequests) => number} */ of) =>
      this.#clients.reduce((total, client) => total + of(client), 0);
    return {
      requests: sum(({ requests }) => requests),
      longestMs: Math.max(...this.#clients.map(({ longestMs }) => longestMs)),
    };
  }

  close() {
    for (const client of this.#clients) client.close();
  }

  /**
   * @param {TimedRequests} requests
   * @param {number} index
   * @param {OperationContext['listed']} listed
   */
  async #client(requests, index, listed) {
    const { seed, stages } = this.#options;
    const random = new Random(seed, 'client', index);
    const freshName = () => `fresh/${(this.#names += 1)}.bin`;
    const context = { requests, files: this.files, listed, pool: this.#pool, random, stages, freshName };
    while (!this.#isStopped) {
      const operation = random.weighted(OPERATIONS);
      this.operations += 1;
      try {
        await operation(context);
        await delay(PAUSE_MS);
      } catch (error) {
        if (error instanceof Refusal) this.refused.push(error);
        else this.wrong.push(`${operation.name} of client ${index}: ${messageOf(error)}`);
        await delay(REFUSED_PAUSE_MS);
      }
    }
  }
}
