import { resolve } from 'node:path';
import { BackupWriter } from '../backup/backup-writer.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

export async function backup({ config, args: [folder = ''], report }: CommandCall): Promise<void> {
  const target = resolve(folder);
  await withServices(config, async (services) => {
    const { files, bytes } = await services.get(BackupWriter).write(target);
    report(`${target}: the backup is whole, with ${String(files)} files of ${String(bytes)} bytes`);
    if (config.connectionKeys !== null)
      report('The key is the setting CONNECTION_KEY: keep it yourself, as long as this backup.');
    if (!config.internalStorage.url.startsWith('fs:')) {
      report(`The files are in ${config.internalStorage.url}: copy them by what you use for buckets.`);
    }
  });
}
