import { ProcessRepository } from '../../journal/servers/process.repository.js';
import { MASTER_KEYS, type MasterKeys } from '../../keys/master-keys.js';
import { failed } from '../admin-error.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';
import { KeyRotation, type RotatedColumn } from '../rotation/key-rotation.js';

/** Re-encrypts all secrets with the first key, so that the other keys can be removed. */
export async function rotateKey({ config, report }: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    const [first, ...others]: MasterKeys = services.get(MASTER_KEYS);
    await assertServersUseKey(first.id, services.get(ProcessRepository));
    const rotated = await services.get(KeyRotation).rotate();
    const renewed = rotated.filter((column) => column.renewed > 0);
    report(
      renewed.length === 0
        ? `Everything is encrypted with key ${first.id} already: nothing to do.`
        : `encrypted with key ${first.id} now: ${counted(renewed, 'renewed')}`,
    );
    assertAllReadable(rotated);
    if (others.length > 0) report(nextSteps(others.map(({ id }) => id)));
  });
}

/** Rejects running servers with another first key: they would continue to encrypt with it. */
async function assertServersUseKey(keyId: string, processes: ProcessRepository): Promise<void> {
  const others = (await processes.runningWithKeys()).filter((server) => server.keyId !== keyId);
  if (others.length === 0) return;
  const named = others.map(({ pid, keyId: own }) => `process ${String(pid)} with key ${own}`).join(', ');
  throw failed(
    `Servers on this database encrypt with another key than ${keyId}: ${named}. Put the new key first in their CONNECTION_KEY and restart them, then run this again. Nothing was changed.`,
  );
}

function assertAllReadable(rotated: readonly RotatedColumn[]): void {
  const unreadable = rotated.filter((column) => column.unreadable > 0);
  if (unreadable.length === 0) return;
  throw failed(
    `No key opens ${counted(unreadable, 'unreadable')}: add the key that they were encrypted with to CONNECTION_KEY and run this again, or drop stages, connections and notes by npm run admin -- forget-connections. Failures of statements are forgotten within an hour.`,
  );
}

function counted(columns: readonly RotatedColumn[], what: 'renewed' | 'unreadable'): string {
  return columns.map((column) => `${String(column[what])} ${column.what}`).join(', ');
}

function nextSteps(keyIds: readonly string[]): string {
  const [keys, them] = keyIds.length === 1 ? ['Key', 'it'] : ['Keys', 'them'];
  return (
    `${keys} ${keyIds.join(', ')} can be taken out of CONNECTION_KEY. Presigned URLs, session tokens and pages of results that were ` +
    `signed with ${them} end then: presigned URLs live seven days at most.`
  );
}
