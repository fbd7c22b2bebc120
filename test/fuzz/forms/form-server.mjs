import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { onInterruption } from '../../../scripts/lib/interruption.mjs';

/** @typedef {Awaited<ReturnType<typeof startFormServer>>} FormServer */

/** In memory where the system has such a folder: the service syncs every file, and no disk is tested here. */
function memoryFolder() {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/**
 * The built server with its data in a folder that the harness reads.
 *
 * @param {(dataFolder: string) => Readonly<Record<string, string>>} [settingsIn] more settings, of that folder.
 */
export async function startFormServer(settingsIn = () => ({})) {
  const dataFolder = mkdtempSync(join(memoryFolder(), 'stagedoor-forms-'));
  const remove = () => rmSync(dataFolder, { recursive: true, force: true });
  const callOff = onInterruption(remove);
  const own = { DATA_DIR: dataFolder, LOG_LEVEL: 'fatal' };
  const server = await startBuiltServer({ ...own, ...settingsIn(dataFolder) });
  const stop = async () => {
    await server.stop();
    callOff();
    remove();
  };
  const port = Number(server.host.split(':')[1]);
  return { host: server.host, port, dataFolder, child: server.child, stop };
}
