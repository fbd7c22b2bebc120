import { join } from 'node:path';

import { freePort } from '../../scripts/lib/free-port.mjs';
import { emptyFolder } from '../lib/workspace.mjs';
import { startService } from '../load/service.mjs';
import { goProgram, versionOf } from './found-program.mjs';

const TUSD = {
  name: 'tusd',
  module: 'github.com/tus/tusd/v2/cmd/tusd@v2.9.1',
  takes: 'about two minutes',
};

/** tus's own server, which keeps files on disk and syncs nothing: `{ host, root, pid, pids, stop }`. */
export async function startTusd({ folder, report }) {
  const file = await goProgram(TUSD, report);
  const port = await freePort();
  const root = join(folder, 'files');
  emptyFolder(root);
  const service = await startService({
    name: 'tusd',
    file,
    args: ['-host', '127.0.0.1', '-port', String(port), '-upload-dir', root, '-base-path', '/files/'],
    logFile: join(folder, 'tusd.log'),
    healthUrl: `http://127.0.0.1:${port}/`,
  });
  return { host: `127.0.0.1:${port}`, root, version: versionOf(TUSD), ...service };
}
