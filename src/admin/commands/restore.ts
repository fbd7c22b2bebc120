import { resolve } from 'node:path';
import { restoreBackup } from '../backup/restore-backup.js';
import type { CommandCall } from '../command-call.js';

export async function restore({ config, args, report }: CommandCall): Promise<void> {
  const overwrites = args.includes('--overwrite');
  const folder = args.find((arg) => arg !== '--overwrite') ?? '';
  await restoreBackup({ config, backup: resolve(folder), overwrites, report });
}
