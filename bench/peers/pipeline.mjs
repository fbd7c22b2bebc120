import { join } from 'node:path';
import process from 'node:process';

import { freePort } from '../../scripts/lib/free-port.mjs';
import { emptyFolder } from '../lib/workspace.mjs';
import { startService } from '../load/service.mjs';

/** What one would write first in Node: `pipeline(request, file)`, no digest and no sync. */
export async function startPipeline({ folder }) {
  const port = await freePort();
  const root = join(folder, 'files');
  emptyFolder(root);
  const service = await startService({
    name: 'the pipeline server',
    file: process.execPath,
    args: [join(import.meta.dirname, 'pipeline-server.mjs'), String(port), root],
    logFile: join(folder, 'pipeline.log'),
    healthUrl: `http://127.0.0.1:${port}/`,
  });
  return { host: `127.0.0.1:${port}`, root, ...service };
}
