import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { bootKillMs } from './kill-moment.mjs';
import { lastLines, launchServer, startServer } from '../support/server-under-test.mjs';
import { StageHttp } from '../support/stage-http.mjs';

/** @import { UploadLoad } from './kill-load.mjs' */
/** @import { KillMoment } from './kill-moment.mjs' */
/** @import { Kill, SubjectOptions } from './kill-subject.mjs' */
/** @import { Random } from '../support/random.mjs' */
/** @import { ServerUnderTest } from '../support/server-under-test.mjs' */

/** One server, which is killed and started again on its data directory. */
export class SingleServer {
  sweepMs = 0; // its start has swept
  records = 3;
  #options;
  /** @type {{ server: ServerUnderTest, http: StageHttp } | undefined} */
  #current;

  /** @param {SubjectOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get http() {
    return this.#running.http;
  }

  get isDone() {
    return this.#options.tally.kills >= this.#options.kills;
  }

  async start() {
    this.#current?.http.close();
    const server = await startServer(this.#serverOptions());
    this.#current = { server, http: new StageHttp(server.url) };
  }

  /**
   * @param {Random} random
   * @returns {Kill}
   */
  nextKill(random) {
    const bootMs = bootKillMs(random);
    return { isOfDatabase: false, run: (load, moment) => this.#killUnder(load, moment, bootMs) };
  }

  async end() {
    await this.#current?.server.kill();
    this.#current?.http.close();
  }

  get #running() {
    if (this.#current === undefined) throw new Error('No server has been started.');
    return this.#current;
  }

  /**
   * @param {UploadLoad} load
   * @param {KillMoment} moment
   * @param {number | undefined} bootMs
   */
  async #killUnder(load, moment, bootMs) {
    const { server } = this.#running;
    const running = load.run();
    await Promise.race([moment.reached(), server.exited]);
    load.stop();
    load.beginKill();
    await this.#kill(server);
    await running;
    if (bootMs !== undefined) await this.#killBooting(bootMs);
    await this.start();
  }

  /** @param {number} afterMs */
  async #killBooting(afterMs) {
    const server = await launchServer(this.#serverOptions());
    await delay(afterMs);
    await this.#kill(server);
  }

  /** @param {ServerUnderTest} server */
  async #kill(server) {
    const { tally } = this.#options;
    await server.kill();
    tally.kills += 1;
    const { code, signal } = await server.exited;
    if (signal === 'SIGKILL') return;
    throw new Error(`The server ended by itself (${signal ?? code}):\n${lastLines(this.#logFile)}`);
  }

  #serverOptions() {
    const { folder, settings } = this.#options;
    return { dataDir: join(folder, 'data'), logFile: this.#logFile, settings };
  }

  get #logFile() {
    return join(this.#options.folder, 'server.log');
  }
}
