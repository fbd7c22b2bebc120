import { join } from 'node:path';

import { freePort } from '../../scripts/lib/free-port.mjs';
import { makeBucket } from '../../scripts/lib/make-bucket.mjs';
import { DEFAULT_KEYS, minioEnvironment } from '../../scripts/lib/minio-server.mjs';
import { findMinio } from '../../scripts/lib/minio-source.mjs';
import { emptyFolder } from '../lib/workspace.mjs';
import { startService } from '../load/service.mjs';
import { Unavailable } from '../lib/unavailable.mjs';

export const BUCKET = 'bench';

/** A MinIO with an empty bucket: `{ host, endpoint, keys, data, pid, pids, stop }`. */
export async function startMinio({ folder, report }) {
  const source = await findMinio(report);
  if (source.reason !== undefined) throw new Unavailable(source.reason);
  const port = await freePort();
  const data = join(folder, 'data');
  emptyFolder(data);
  const { file, args, remove } = source.command({ port, folder: data });
  const endpoint = `http://127.0.0.1:${port}`;
  const service = await startService({
    name: 'MinIO',
    file,
    args,
    env: minioEnvironment(),
    logFile: join(folder, 'minio.log'),
    healthUrl: `${endpoint}/minio/health/live`,
  });
  await makeBucket({ endpoint, ...DEFAULT_KEYS }, BUCKET);
  const stop = async () => {
    await service.stop();
    remove();
  };
  return {
    host: `127.0.0.1:${port}`,
    endpoint,
    keys: DEFAULT_KEYS,
    data,
    version: versionOf(source),
    ...service,
    stop,
  };
}

/** Of one built here, the commit; it calls itself a development version. */
function versionOf({ name }) {
  return name
    .split(/[/\\]/)
    .slice(-2)
    .join('/')
    .replace(/^minio-|\/minio$/g, '');
}
