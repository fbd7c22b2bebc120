import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../../../scripts/lib/free-port.mjs';
import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { findMinio } from '../../../scripts/lib/minio-source.mjs';
import { runMinio } from '../../../scripts/lib/minio-server.mjs';

/**
 * A MinIO for a harness, whose `folder` can be looked into: `{ endpoint, accessKeyId, secretAccessKey, folder, stop }`.
 * @throws Error where none is to be had.
 */
export async function startOwnMinio() {
  const source = await findMinio((line) => console.error(line));
  if (source.reason !== undefined) throw new Error(`There is no MinIO: ${source.reason}`);
  const home = mkdtempSync(join(tmpdir(), 'stagedoor-chaos-minio-'));
  const folder = join(home, 'data');
  mkdirSync(folder);
  const log = openSync(join(home, 'minio.log'), 'w');
  const server = runMinio(source, { port: await freePort(), folder, log });
  closeSync(log);
  const tearDown = () => {
    server.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  const callOff = onInterruption(tearDown);
  const stop = async () => {
    callOff();
    await server.stop();
    tearDown();
  };
  await server.live();
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return { endpoint, accessKeyId, secretAccessKey, folder, stop };
}
