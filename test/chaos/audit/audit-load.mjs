import { ROOT_PASSWORD } from '../support/cluster/cluster.mjs';
import { ask, basic, run } from '../revocations/person.mjs';

/**
 * A request, and what came of it.
 *
 * @typedef {object} Done
 * @property {number} server its index
 * @property {string} action as the audit calls it
 * @property {string} outcome
 * @property {string} path
 * @property {number} bytes
 * @property {number} answeredAt milliseconds since the epoch; infinite without an answer
 */

export const STAGE = 'audited';
export const ROOT = basic('root', ROOT_PASSWORD);
const READER = 'reader';
const READER_PASSWORD = 'of the reader';
const WORKERS = 2;

/** @param {string} url */
export async function prepare(url) {
  await run(url, ROOT, `CREATE STAGE ${STAGE}`);
  await run(url, ROOT, `CREATE USER ${READER} IDENTIFIED BY '${READER_PASSWORD}'`);
  await run(url, ROOT, `GRANT READ ON STAGE ${STAGE} TO ${READER}`);
}

/** Mixed requests on servers, each on a file of its own, and a ledger of them. */
export class AuditLoad {
  /** @type {Done[]} */
  done = [];
  #urls;
  #isOver = false;
  /** @type {Promise<void>[]} */
  #workers = [];

  /** @param {readonly string[]} urls of the servers */
  constructor(urls) {
    this.#urls = urls;
  }

  start() {
    this.#urls.forEach((url, server) => {
      for (let worker = 0; worker < WORKERS; worker++) this.#workers.push(this.#work(url, server, worker));
    });
  }

  async stop() {
    this.#isOver = true;
    await Promise.all(this.#workers);
  }

  /**
   * @param {string} url
   * @param {number} server
   * @param {number} worker
   */
  async #work(url, server, worker) {
    const reader = basic(READER, READER_PASSWORD);
    for (let turn = 0; !this.#isOver; turn++) {
      const name = `${server}-${worker}-${turn}`;
      const body = 'x'.repeat(1 + ((turn * 37 + worker) % 5000));
      const file = { server, path: name, bytes: body.length };
      const isStored = await this.#do(
        url,
        { ...file, action: 'file.put', outcome: 'success' },
        { method: 'PUT', body },
      );
      if (!isStored) continue;
      await this.#do(url, { ...file, action: 'file.get', outcome: 'success' }, { authorization: reader });
      const refused = { server, path: `no-${name}`, bytes: 0, action: 'file.put', outcome: 'denied' };
      await this.#do(url, refused, { method: 'PUT', body: 'no', authorization: reader });
      const wrong = { server, path: '', bytes: 0, action: 'user.sign_in', outcome: 'denied' };
      if (turn % 10 === 0) await this.#do(url, wrong, { authorization: basic('nobody', name) });
      if (turn % 2 === 0)
        await this.#do(url, { ...file, action: 'file.remove', outcome: 'success' }, { method: 'DELETE' });
    }
  }

  /**
   * @param {string} url
   * @param {Omit<Done, 'answeredAt'>} request
   * @param {{ method?: string, body?: string, authorization?: string }} options
   * @returns whether it was answered
   */
  async #do(url, request, options) {
    const path = `/v1/stages/${STAGE}/files/${request.path === '' ? 'a' : request.path}`;
    try {
      const { status } = await ask(url, path, { authorization: ROOT, ...options });
      const isAsMeant = (request.outcome === 'success') === status < 300;
      if (!isAsMeant) throw new TypeError(`${request.action} ${request.path} was answered ${status}`);
      this.done.push({ ...request, answeredAt: Date.now() });
      return true;
    } catch (error) {
      if (error instanceof Error && error.cause === undefined) throw error;
      this.done.push({ ...request, answeredAt: Infinity }); // its server was killed
      await new Promise((resolve) => setTimeout(resolve, 50));
      return false;
    }
  }
}
