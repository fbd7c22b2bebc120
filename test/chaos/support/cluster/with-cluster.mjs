import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onInterruption } from '../../../../scripts/lib/interruption.mjs';
import { startOwnMinio } from '../own-minio.mjs';
import { openStore } from '../stores.mjs';
import { Cluster } from './cluster.mjs';
import { startOwnPostgres } from './own-postgres.mjs';

const SERVERS = 3;

/**
 * Runs something on three servers with a PostgreSQL and a folder of their own.
 *
 * @template Result
 * @param {(cluster: Cluster) => Promise<Result>} run
 * @param {Readonly<Record<string, string>>} [settings] of every server
 * @returns {Promise<Result>}
 */
export async function withCluster(run, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-cluster-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const callOff = onInterruption(remove);
  const postgres = await startOwnPostgres();
  const shared = {
    DATABASE_URL: await postgres.create('stages'),
    INTERNAL_STORAGE_URL: `fs://${folder}/internal/`,
  };
  const cluster = new Cluster({ folder, size: SERVERS, settings: { ...shared, ...settings } });
  try {
    await cluster.start();
    return await run(cluster);
  } finally {
    await cluster.stop();
    await postgres.remove();
    callOff();
    remove();
  }
}

/**
 * The same with the files on a MinIO of their own.
 *
 * @template Result
 * @param {(cluster: Cluster) => Promise<Result>} run
 * @param {Readonly<Record<string, string>>} [settings] of every server
 * @returns {Promise<Result>}
 */
export async function withClusterOnMinio(run, settings = {}) {
  const minio = await startOwnMinio();
  const store = await openStore('cluster', minio);
  try {
    return await withCluster(run, { ...store.settings, ...settings });
  } finally {
    store.close();
    await minio.stop();
  }
}
