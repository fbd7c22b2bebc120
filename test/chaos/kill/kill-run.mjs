import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { Inspection } from './kill-inspection.mjs';
import { Journeys } from './kill-journeys.mjs';
import { Ledger } from './kill-ledger.mjs';
import { UploadLoad } from './kill-load.mjs';
import { KillMoment } from './kill-moment.mjs';
import { subjectOf } from './kill-subject.mjs';
import { Tally } from './kill-tally.mjs';
import { freshPrefixes, RoundUploads } from './kill-uploads.mjs';
import { ContentPool } from '../support/contents.mjs';
import { Random } from '../support/random.mjs';
import { openStore } from '../support/stores.mjs';

/** @import { Extent } from './kill-inspection.mjs' */
/** @import { ClusterKills } from './kill-subject.mjs' */
/** @import { Minio } from '../support/bucket.mjs' */
/** @import { Store } from '../support/stores.mjs' */

/**
 * @typedef {object} KillOptions
 * @property {number} kills of servers
 * @property {ClusterKills | undefined} [cluster] several servers on PostgreSQL; without it one on SQLite
 * @property {number} [seconds] so long new kills begin at most
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
 * Kills a server on one data directory again and again while files are uploaded to it, or servers on one database and the
 * database, and looks after every restart what they have kept: the tally of that.
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
  #store;
  #subject;
  #pool;
  #round = 0;
  #ledger = new Ledger();
  /** @type {Map<string, string>} */
  #etags = new Map();
  /** @type {Set<string>} */
  #leftovers = new Set();
  #tally;
  #journeys;

  /**
   * @param {KillOptions} options
   * @param {string} folder
   * @param {Store} store
   */
  constructor(options, folder, store) {
    this.#options = options;
    this.#store = store;
    this.#pool = new ContentPool(options.seed);
    this.#tally = new Tally(options.print);
    const stages = store.stages.map(({ name }) => name);
    this.#journeys = new Journeys({ seed: options.seed, pool: this.#pool, stages, tally: this.#tally });
    const settings = { LEFTOVER_SWEEP_SECONDS: '1', ...store.settings };
    const own = { folder, settings, kills: options.kills, tally: this.#tally };
    this.#subject = subjectOf(own, options.cluster);
  }

  async run() {
    const deadline = performance.now() + (this.#options.seconds ?? Infinity) * 1000;
    await this.#subject.start();
    for (const stage of this.#store.stages) await this.#subject.http.createStage(stage);
    await this.#journeys.start(this.#subject.http);
    while (!this.#subject.isDone && performance.now() < deadline) {
      this.#round += 1;
      await this.#loadAndKill();
      await this.#inspect();
      await this.#removeOldFiles();
    }
    this.#tally.at(`seed ${this.#options.seed}, at the end`);
    await this.#inspect({ all: true });
    return this.#tally;
  }

  async end() {
    await this.#subject.end();
    this.#store.close();
  }

  async #loadAndKill() {
    const { seed, md5, cluster } = this.#options;
    const random = new Random(seed, this.#round, 'kill');
    const moment = new KillMoment(random);
    const kill = this.#subject.nextKill(random);
    const label = kill.label === undefined ? '' : `; ${kill.label}`;
    this.#tally.at(`seed ${seed}, round ${this.#round} (${moment}${label})`);
    const stages = this.#store.stages.map(({ name }) => name);
    const own = { seed, round: this.#round, pool: this.#pool };
    const uploads = new RoundUploads({ ...own, stages, declareDigests: md5 });
    const manner = { isBehindProxy: cluster !== undefined, isDatabaseKilled: kill.isOfDatabase };
    const load = new UploadLoad({ ...this.#context(), uploads, etags: this.#etags, moment, ...manner });
    await kill.run(load, moment);
  }

  /** @param {Extent} [extent] */
  async #inspect(extent) {
    const { seed, md5 } = this.#options;
    const { sweepMs, records } = this.#subject;
    const random = new Random(seed, this.#round, 'inspection');
    const own = { store: this.#store, leftovers: this.#leftovers, random, md5, sweepMs };
    const asked = this.#options.records ? records : 0;
    await new Inspection({ ...this.#context(), ...own, records: asked }).run(extent);
  }

  async #removeOldFiles() {
    for (const { name } of this.#store.stages) {
      for (const prefix of freshPrefixes(this.#round - KEPT_ROUNDS)) {
        const path = `/v1/stages/${name}/files?${new URLSearchParams({ prefix })}`;
        const { status, body } = await this.#subject.http.json('DELETE', path);
        if (status !== 200) throw new Error(`REMOVE: ${status} ${JSON.stringify(body)}`);
        this.#ledger.forget(name, prefix);
      }
    }
  }

  #context() {
    return { http: this.#subject.http, ledger: this.#ledger, journeys: this.#journeys, tally: this.#tally };
  }
}
