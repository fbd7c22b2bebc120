import { KillCluster } from './kill-cluster.mjs';
import { SingleServer } from './kill-single.mjs';

/** @import { UploadLoad } from './kill-load.mjs' */
/** @import { KillMoment } from './kill-moment.mjs' */
/** @import { Tally } from './kill-tally.mjs' */
/** @import { Random } from '../support/random.mjs' */
/** @import { StageHttp } from '../support/stage-http.mjs' */

/**
 * One kill. `run` puts the load on, kills at the moment, brings back what was killed, and ends the load.
 *
 * @typedef {object} Kill
 * @property {string} [label]
 * @property {boolean} isOfDatabase
 * @property {(load: UploadLoad, moment: KillMoment) => Promise<void>} run
 */
/**
 * What is killed.
 *
 * @typedef {object} KillSubject
 * @property {StageHttp} http
 * @property {boolean} isDone
 * @property {number} sweepMs so long leftovers may stay after `run`
 * @property {number} records so many uploads are asked for after each kill
 * @property {() => Promise<void>} start
 * @property {(random: Random) => Kill} nextKill
 * @property {() => Promise<void>} end
 */
/** @typedef {{ servers: number, kills: number }} ClusterKills `kills` are those of the database. */
/**
 * @typedef {object} SubjectOptions
 * @property {string} folder
 * @property {Readonly<Record<string, string>>} settings
 * @property {number} kills
 * @property {Tally} tally
 */

/**
 * @param {SubjectOptions} options
 * @param {ClusterKills} [cluster] without it, a single server on SQLite
 * @returns {KillSubject}
 */
export function subjectOf(options, cluster) {
  return cluster === undefined ? new SingleServer(options) : new KillCluster(options, cluster);
}
