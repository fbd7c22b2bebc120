import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { Inspection } from './kill-inspection.mjs';
import { Ledger } from './kill-ledger.mjs';
import { UploadLoad } from './kill-load.mjs';
import { bootKillMs, KillMoment } from './kill-moment.mjs';
import { Tally } from './kill-tally.mjs';
import { freshPrefixes, RoundUploads } from './kill-uploads.mjs';
import { ContentPool } from '../support/contents.mjs';
import { Random } from '../support/random.mjs';
import { lastLines, launchServer, startServer } from '../support/server-under-test.mjs';
import { StageHttp } from '../support/stage-http.mjs';
import { openStore } from '../support/stores.mjs';

/** @import { Extent } from './kill-inspection.mjs' */
/** @import { Minio } from '../support/bucket.mjs' */
/** @import { ServerUnderTest } from '../support/server-under-test.mjs' */
/** @import { Store } from '../support/stores.mjs' */

/**
 * @typedef {object} KillOptions
 * @property {number} kills
 * @property {number} seed
 * @property {Minio | undefined} [minio] without one the files go to the local disk
 * @property {boolean} md5 declare digests, and ask LIST for those of files
 * @property {boolean} records ask what became of uploads
 * @property {boolean} [keep] the data directory and the server's log
 * @property {(line: string) => void} print
 */

/** So many rounds a file of a name of its own is kept before it is removed, so that listings stay short. */
const KEPT_ROUNDS = 3;

/**
 * Kills a server on one data directory again and again while files are uploaded to it, and looks after every restart what
 * it has kept: the tally of that.
 *
 * @param {KillOptions} options
 */
export async function runKills(options) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-kills-'));
  const remove = () => {
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
  };
  const callOff = onInterruption(remove);
  const store = await openStore(folder, options.minio);
  const run = new KillRun(options, folder, store);
  try {
    return await run.run();
  } finally {
    await run.end();
    callOff();
    remove();
    if (options.keep) options.print(`  kept: ${folder}`);
  }
}

class KillRun {
  #options;
  #folder;
  #logFile;
  #store;
  /** @type {{ server: ServerUnderTest, http: StageHttp } | undefined} */
  #current;
  #pool;
  #round = 0;
  #ledger = new Ledger();
  /** @type {Map<string, string>} */
  #etags = new Map();
  /** @type {Set<string>} */
  #leftovers = new Set();
  #tally;

  /**
   * @param {KillOptions} options
   * @param {string} folder
   * @param {Store} store
   */
  constructor(options, folder, store) {
    this.#options = options;
    this.#folder = folder;
    this.#store = store;
    this.#pool = new ContentPool(options.seed);
    this.#logFile = join(folder, 'server.log');
    this.#tally = new Tally(options.print);
  }

  async run() {
    await this.#start();
    for (const stage of this.#store.stages) await this.#running.http.createStage(stage);
    while (this.#tally.kills < this.#options.kills) {
      this.#round += 1;
      await this.#loadAndKill();
      await this.#start();
      await this.#inspect();
      await this.#removeOldFiles();
    }
    this.#tally.at(`seed ${this.#options.seed}, at the end`);
    await this.#inspect({ all: true });
    return this.#tally;
  }

  async end() {
    await this.#current?.server.kill();
    this.#current?.http.close();
    this.#store.close();
  }

  get #running() {
    if (this.#current === undefined) throw new Error('No server has been started.');
    return this.#current;
  }

  async #loadAndKill() {
    const { seed, md5 } = this.#options;
    const random = new Random(seed, this.#round, 'kill');
    const moment = new KillMoment(random);
    this.#tally.at(`seed ${seed}, round ${this.#round} (${moment})`);
    const stages = this.#store.stages.map(({ name }) => name);
    const own = { seed, round: this.#round, pool: this.#pool };
    const uploads = new RoundUploads({ ...own, stages, declareDigests: md5 });
    const load = new UploadLoad({ ...this.#context(), uploads, etags: this.#etags, moment });
    const { server } = this.#running;
    const running = load.run();
    await Promise.race([moment.reached(), server.exited]);
    load.stop();
    await this.#kill(server);
    await running;
    const bootMs = bootKillMs(random);
    if (bootMs !== undefined) await this.#killBooting(bootMs);
  }

  /** @param {number} afterMs */
  async #killBooting(afterMs) {
    const server = await launchServer(this.#serverOptions());
    await delay(afterMs);
    await this.#kill(server);
  }

  /** @param {ServerUnderTest} server */
  async #kill(server) {
    await server.kill();
    this.#tally.kills += 1;
    const { code, signal } = await server.exited;
    if (signal === 'SIGKILL') return;
    throw new Error(`The server ended by itself (${signal ?? code}):\n${lastLines(this.#logFile)}`);
  }

  async #start() {
    this.#current?.http.close();
    const server = await startServer(this.#serverOptions());
    this.#current = { server, http: new StageHttp(server.url) };
  }

  /** @param {Extent} [extent] */
  async #inspect(extent) {
    const { seed, md5, records } = this.#options;
    const random = new Random(seed, this.#round, 'inspection');
    const own = { store: this.#store, leftovers: this.#leftovers, random, md5, records };
    await new Inspection({ ...this.#context(), ...own }).run(extent);
  }

  async #removeOldFiles() {
    for (const { name } of this.#store.stages) {
      for (const prefix of freshPrefixes(this.#round - KEPT_ROUNDS)) {
        const path = `/v1/stages/${name}/files?${new URLSearchParams({ prefix })}`;
        const { status, body } = await this.#running.http.json('DELETE', path);
        if (status !== 200) throw new Error(`REMOVE: ${status} ${JSON.stringify(body)}`);
        this.#ledger.forget(name, prefix);
      }
    }
  }

  #context() {
    return { http: this.#running.http, ledger: this.#ledger, tally: this.#tally };
  }

  #serverOptions() {
    const settings = { LEFTOVER_SWEEP_SECONDS: '1', ...this.#store.settings };
    return { dataDir: join(this.#folder, 'data'), logFile: this.#logFile, settings };
  }
}
