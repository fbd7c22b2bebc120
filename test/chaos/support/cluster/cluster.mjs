import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { lastingPort } from '../../../../scripts/lib/free-port.mjs';
import { lastLines, launchServer } from '../server-under-test.mjs';
import { startHaproxy } from './haproxy.mjs';

/** @import { ServerUnderTest } from '../server-under-test.mjs' */
/** @import { Haproxy } from './haproxy.mjs' */

/**
 * @typedef {object} ClusterOptions
 * @property {string} folder
 * @property {number} size
 * @property {Readonly<Record<string, string>>} settings of every server: database and storage among them
 */

export const ROOT_PASSWORD = 'of all servers';
const READY_TIMEOUT_MS = 60_000;

/** Servers on one database behind one HAProxy, each with a port and a data directory of its own. */
export class Cluster {
  /** Servers that ended though nobody has ended them. */
  /** @type {string[]} */
  deaths = [];
  #options;
  #settings;
  /** @type {number[]} */
  #ports = [];
  /** @type {(ServerUnderTest | undefined)[]} */
  #servers = [];
  /** @type {Haproxy | undefined} */
  #proxy;

  /** @param {ClusterOptions} options */
  constructor(options) {
    this.#options = options;
    const own = { CONNECTION_KEY: randomBytes(32).toString('base64'), ROOT_PASSWORD };
    this.#settings = { ...own, TRUSTED_PROXIES: '127.0.0.1', ...options.settings };
  }

  /** The proxy's. */
  get url() {
    if (this.#proxy === undefined) throw new Error('The cluster has not been started.');
    return this.#proxy.url;
  }

  /** Those of the servers themselves. */
  get serverUrls() {
    return this.#ports.map((port) => `http://127.0.0.1:${port}`);
  }

  get size() {
    return this.#options.size;
  }

  async start() {
    const { folder, size } = this.#options;
    while (this.#ports.length < size) this.#ports.push(await lastingPort());
    await Promise.all(this.#ports.map((_, index) => this.startServer(index)));
    this.#proxy = await startHaproxy(folder, this.#ports);
    await this.untilComplete();
  }

  /**
   * Resolves when it is ready.
   * @param {number} index
   */
  async startServer(index) {
    const server = await this.launchServer(index);
    if (await server.isReady()) return;
    throw new Error(`${nameOf(index)} did not start:\n${lastLines(this.logFile(index))}`);
  }

  /**
   * Waits for nothing.
   * @param {number} index
   */
  async launchServer(index) {
    const dataDir = join(this.#options.folder, nameOf(index));
    const port = this.#ports[index];
    const place = { dataDir, logFile: this.logFile(index), ...(port === undefined ? {} : { port }) };
    const server = await launchServer({ ...place, settings: this.#settings });
    this.#servers[index] = server;
    void server.exited.then(({ code, signal }) => {
      if (this.#servers[index] !== server) return;
      this.deaths.push(
        `${nameOf(index)} ended by itself (${signal ?? code}):\n${lastLines(this.logFile(index))}`,
      );
    });
    return server;
  }

  /**
   * SIGKILL; resolves when it is dead.
   * @param {number} index
   */
  async killServer(index) {
    const server = this.#servers[index];
    this.#servers[index] = undefined;
    await server?.kill();
  }

  /** Resolves when the proxy sends requests to every server. */
  async untilComplete() {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await this.#proxy?.isComplete())) {
      if (this.deaths.length > 0) throw new Error(this.deaths.join('\n'));
      if (Date.now() > deadline) throw new Error('Not every server has become ready.');
      await delay(20);
    }
  }

  /** @param {number} index */
  logFile(index) {
    return join(this.#options.folder, `${nameOf(index)}.log`);
  }

  async stop() {
    await Promise.all(this.#servers.map((_, index) => this.killServer(index)));
    await this.#proxy?.stop();
  }
}

/** @param {number} index */
export function nameOf(index) {
  return `server-${index + 1}`;
}
