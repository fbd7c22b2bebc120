import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { problemsAfterwards } from './database-aftermath.mjs';
import { OUTAGES } from './database-outages.mjs';
import { refusedWithoutReason, verdictOn } from './database-verdict.mjs';
import { MixedLoad } from './mixed-load.mjs';
import { ReadinessWatch } from './readiness-watch.mjs';
import { Cluster, ROOT_PASSWORD } from '../support/cluster/cluster.mjs';
import { startOwnPostgres } from '../support/cluster/own-postgres.mjs';
import { StageHttp } from '../support/stage-http.mjs';
import { openStore } from '../support/stores.mjs';

/** @import { Outage, OutagePlan } from './database-outages.mjs' */
/** @import { Minio } from '../support/bucket.mjs' */
/** @import { OwnPostgres } from '../support/cluster/own-postgres.mjs' */
/** @import { Store } from '../support/stores.mjs' */

/**
 * @typedef {object} DatabaseOptions
 * @property {number} seed
 * @property {number} servers
 * @property {number} clients
 * @property {number} calmSeconds before, between and after the outages
 * @property {OutagePlan} outages
 * @property {Minio | undefined} [minio] without one the files go to the local disk
 */

/**
 * Takes the database away from servers behind a proxy under mixed load, in several ways, and gives it back.
 *
 * @param {DatabaseOptions} options
 * @returns figures and `violations`.
 */
export async function runDatabase(options) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-database-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const callOff = onInterruption(remove);
  const store = await openStore(folder, options.minio);
  const postgres = await startOwnPostgres();
  const shared = {
    DATABASE_URL: await postgres.create('stages'),
    INTERNAL_STORAGE_URL: `fs://${folder}/data/internal/`,
    LEFTOVER_SWEEP_SECONDS: '1',
  };
  const cluster = new Cluster({ folder, size: options.servers, settings: { ...shared, ...store.settings } });
  try {
    await cluster.start();
    return await underLoad(options, { store, postgres, cluster });
  } finally {
    await cluster.stop();
    await postgres.remove();
    store.close();
    callOff();
    remove();
  }
}

/**
 * @param {DatabaseOptions} options
 * @param {{ store: Store, postgres: OwnPostgres, cluster: Cluster }} scene
 */
async function underLoad(options, { store, postgres, cluster }) {
  const { seed, clients, calmSeconds } = options;
  const http = new StageHttp(cluster.url, ROOT_PASSWORD);
  for (const stage of store.stages) await http.createStage(stage);
  const stages = store.stages.map(({ name }) => name);
  // Half of the clients ask the proxy, which leaves out a server that is not ready; the others see what that one says.
  const urls = cluster.serverUrls.flatMap((url) => [cluster.url, url]);
  const load = new MixedLoad({ seed, clients, urls, password: ROOT_PASSWORD, stages });
  await load.prepare();
  const watch = new ReadinessWatch(cluster.serverUrls);
  const running = Promise.all([load.run(), watch.run()]);
  const calm = () => delay(calmSeconds * 1000);
  /** @type {Outage[]} */
  const outages = [];
  await calm();
  for (const cause of OUTAGES) {
    outages.push(await cause(postgres, options.outages));
    await calm();
  }
  const end = performance.now();
  load.stop();
  watch.stop();
  await running;
  const verdicts = outages.map((outage, index) =>
    verdictOn(outage, outages[index + 1]?.awayAt ?? end, { load, watch }),
  );
  const violations = [
    ...verdicts.flatMap((verdict) => verdict.violations),
    ...load.wrong,
    ...refusedWithoutReason(load.refused, outages),
    ...cluster.deaths,
    ...(await problemsAfterwards({ http, store, files: load.files })),
  ];
  const { operations, refused, files } = load;
  http.close();
  load.close();
  const uploads = { acknowledged: files.acknowledged.length, begun: files.all().length };
  return { ...load.figures(), ...uploads, operations, refused: refused.length, verdicts, violations };
}
