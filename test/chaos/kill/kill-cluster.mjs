import { setTimeout as delay } from 'node:timers/promises';

import { bootKillMs, KillMoment } from './kill-moment.mjs';
import { Cluster, nameOf, ROOT_PASSWORD } from '../support/cluster/cluster.mjs';
import { startOwnPostgres } from '../support/cluster/own-postgres.mjs';
import { StageHttp } from '../support/stage-http.mjs';

/** @import { UploadLoad } from './kill-load.mjs' */
/** @import { ClusterKills, Kill, SubjectOptions } from './kill-subject.mjs' */
/** @import { OwnPostgres } from '../support/cluster/own-postgres.mjs' */
/** @import { Random } from '../support/random.mjs' */

/** So long a killed database stays away at most, beside the time that it takes to come back. */
const AWAY_MS = 800;
const MOST_AT_ONCE = 4;

/** @typedef {{ isOfDatabase: boolean, index: number, bootMs: number | undefined, awayMs: number, moment: KillMoment }} Plan */

/**
 * Servers on one PostgreSQL behind one HAProxy. One of the servers is killed, or the database is, and comes back while uploads go on
 * on the others.
 */
export class KillCluster {
  sweepMs = 15_000;
  records = 30;
  #options;
  #databaseKills;
  /** @type {Cluster | undefined} */
  #cluster;
  /** @type {OwnPostgres | undefined} */
  #postgres;
  /** @type {StageHttp | undefined} */
  #http;
  #size;

  /**
   * @param {SubjectOptions} options
   * @param {ClusterKills} cluster
   */
  constructor(options, { servers, kills }) {
    this.#options = options;
    this.#size = servers;
    this.#databaseKills = kills;
  }

  get http() {
    if (this.#http === undefined) throw new Error('No server has been started.');
    return this.#http;
  }

  get isDone() {
    return this.#serverKillsLeft + this.#databaseKillsLeft === 0;
  }

  async start() {
    this.#postgres = await startOwnPostgres();
    const { folder, settings } = this.#options;
    const shared = {
      DATABASE_URL: await this.#postgres.create('stages'),
      INTERNAL_STORAGE_URL: `fs://${folder}/data/internal/`,
    };
    this.#cluster = new Cluster({ folder, size: this.#size, settings: { ...shared, ...settings } });
    await this.#cluster.start();
    this.#http = new StageHttp(this.#cluster.url, ROOT_PASSWORD);
  }

  /**
   * Of a few kills in one load, since it is the looking afterwards that takes long.
   *
   * @param {Random} random
   * @returns {Kill}
   */
  nextKill(random) {
    const [servers, database] = [this.#serverKillsLeft, this.#databaseKillsLeft];
    const isOfDatabase = random.chance(database / (servers + database));
    const count = Math.min(isOfDatabase ? database : servers, random.between(1, MOST_AT_ONCE));
    const kills = Array.from({ length: count }, () => this.#planOf(random, isOfDatabase));
    const label = isOfDatabase
      ? `the database ${count} times`
      : kills.map(({ index }) => nameOf(index)).join(', ');
    return { label, isOfDatabase, run: (load, moment) => this.#killUnder(load, moment, kills) };
  }

  async end() {
    this.#http?.close();
    await this.#cluster?.stop();
    await this.#postgres?.remove();
  }

  get #serverKillsLeft() {
    return Math.max(0, this.#options.kills - this.#options.tally.kills);
  }

  get #databaseKillsLeft() {
    return Math.max(0, this.#databaseKills - this.#options.tally.databaseKills);
  }

  get #running() {
    if (this.#cluster === undefined || this.#postgres === undefined)
      throw new Error('Nothing has been started.');
    return { cluster: this.#cluster, postgres: this.#postgres };
  }

  /**
   * @param {Random} random
   * @param {boolean} isOfDatabase
   * @returns {Plan}
   */
  #planOf(random, isOfDatabase) {
    const index = random.below(this.#size);
    const [bootMs, awayMs] = [bootKillMs(random), random.below(AWAY_MS)];
    return { isOfDatabase, index, bootMs, awayMs, moment: new KillMoment(random) };
  }

  /**
   * @param {UploadLoad} load
   * @param {KillMoment} firstMoment
   * @param {readonly Plan[]} kills
   */
  async #killUnder(load, firstMoment, kills) {
    const { cluster } = this.#running;
    const running = load.run();
    for (const [number, kill] of kills.entries()) {
      const moment = number === 0 ? firstMoment : kill.moment;
      load.awaitMoment(moment);
      await moment.reached();
      load.ease();
      await (kill.isOfDatabase ? this.#killDatabase(kill.awayMs) : this.#killServer(load, kill));
      await cluster.untilComplete();
    }
    load.stop();
    await running;
    for (const death of cluster.deaths.splice(0)) throw new Error(death);
  }

  /**
   * @param {UploadLoad} load
   * @param {Plan} plan
   */
  async #killServer(load, { index, bootMs }) {
    const { cluster } = this.#running;
    await this.#kill(load, index);
    if (bootMs !== undefined) {
      await cluster.launchServer(index);
      await delay(bootMs);
      await this.#kill(load, index);
    }
    await cluster.startServer(index);
  }

  /**
   * @param {UploadLoad} load
   * @param {number} index
   */
  async #kill(load, index) {
    load.beginKill();
    await this.#running.cluster.killServer(index);
    this.#options.tally.kills += 1;
    load.endKill();
  }

  /** @param {number} awayMs */
  async #killDatabase(awayMs) {
    const { postgres } = this.#running;
    await postgres.stop('immediate');
    this.#options.tally.databaseKills += 1;
    await delay(awayMs);
    await postgres.start();
  }
}
