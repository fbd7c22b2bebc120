import { randomUUID } from 'node:crypto';
import { dirname, delimiter } from 'node:path';

import { runOn } from '../../support/test-database.js';
import { clientOf, makeBucket, type TestMinio } from '../support/test-minio.js';
import { databasesOf, PageAddresses } from './page-addresses.js';
import { removeBucket } from './page-buckets.js';
import { PageRun, type PageResult } from './page-run.js';
import { PageServer } from './page-server.js';
import { PageShell } from './page-shell.js';
import { isCommand, stepsOf } from './page-steps.js';
import { PageWorkspace } from './page-workspace.js';
import type { Page } from './pages.js';

/** The pages show it. */
const MINIO_KEY = 'minioadmin';

/** Runs a page alone: with a folder, a server, a shell and buckets of its own. */
export async function runPage({ path, text }: Page, minio: TestMinio | null): Promise<PageResult> {
  const steps = stepsOf(text);
  if (!steps.some(isCommand)) return { commands: 0, failures: [] };
  const cleanups: (() => Promise<void>)[] = [];
  try {
    const workspace = await PageWorkspace.make();
    cleanups.unshift(() => workspace.remove());
    const server = await PageServer.start(workspace.folder);
    cleanups.unshift(() => server.stop());
    const postgres = process.env['POSTGRES_TEST_URL'] ?? null;
    const run = randomUUID().slice(0, 8);
    const addresses = new PageAddresses({
      server: server.url,
      minio: minio?.endpoint ?? null,
      postgres,
      run,
    });
    if (minio !== null) cleanups.unshift(await makeBuckets(minio, addresses.buckets));
    // After the server, which has them open.
    const databases = databasesOf(text).map((name) => addresses.databaseOf(name));
    cleanups.push(await makeDatabases(postgres, databases));
    const environment = environmentOf(workspace);
    const shell = new PageShell(workspace, environment);
    cleanups.unshift(() => shell.stop());
    return await new PageRun(path, { workspace, environment, shell, server, addresses }).all(steps);
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

/** Returns what removes them again. */
async function makeBuckets(minio: TestMinio, buckets: readonly string[]): Promise<() => Promise<void>> {
  if (minio.accessKeyId !== MINIO_KEY || minio.secretAccessKey !== MINIO_KEY) {
    throw new Error(`The pages need a MinIO whose keys are ${MINIO_KEY}`);
  }
  const client = clientOf(minio);
  for (const bucket of buckets) await makeBucket(client, bucket);
  return async () => {
    for (const bucket of buckets) await removeBucket(client, bucket);
    client.destroy();
  };
}

/** Returns what removes them again. */
async function makeDatabases(
  postgres: string | null,
  names: readonly string[],
): Promise<() => Promise<void>> {
  if (postgres === null) return () => Promise.resolve();
  for (const name of names) await runOn(postgres, `CREATE DATABASE ${name}`);
  return async () => {
    for (const name of names) await runOn(postgres, `DROP DATABASE ${name} WITH (FORCE)`);
  };
}

/** Nothing of the developer's environment but the programs; Databend's engine for Python is one of them. */
function environmentOf({ folder, controlFolder }: PageWorkspace): NodeJS.ProcessEnv {
  const engine = process.env['DATABEND_ENGINE_PYTHON'];
  const programs = [...(engine ? [dirname(engine)] : []), process.env['PATH'] ?? ''];
  return {
    PATH: programs.join(delimiter),
    HOME: folder,
    CURL_HOME: controlFolder,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}
