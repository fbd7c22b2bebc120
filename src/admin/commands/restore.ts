import { resolve } from 'node:path';
import { restoreBackup } from '../backup/restore-backup.js';
import type { CommandCall } from '../command-call.js';

export async function restore({ config, args: [folder = ''], options, report }: CommandCall): Promise<void> {
  const overwrites = options['overwrite'] === true;
  await restoreBackup({ config, backup: resolve(folder), overwrites, report });
}
