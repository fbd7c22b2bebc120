import { createReadStream } from 'node:fs';
import { utimes, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppConfig } from '../../config/app-config.js';
import { assertIntegrity } from '../../database/sqlite/sqlite-snapshot.js';
import { UnreadableConnections } from '../../stages/connections/unreadable-connections.repository.js';
import { withServices } from '../admin-services.js';
import { AdminError, failed } from '../admin-error.js';
import type { Report } from '../command-call.js';
import { digestsOf, NewFolders, writeNewFile } from './durable-files.js';
import { folderOf, pathOfKey } from './internal-files.js';
import { RestoredFiles, type RestoredFile } from './restored-files.js';
import { RestoreTarget } from './restore-target.js';
import {
  DATABASE_FILE,
  KEY_FILE,
  manifestFiles,
  manifestHead,
  assertBackup,
  type ManifestFile,
} from './manifest.js';

export interface RestoreRequest {
  readonly config: AppConfig;
  /** Absolute path of the backup's folder. */
  readonly backup: string;
  /** Whether existing data may be moved aside. */
  readonly overwrites: boolean;
  readonly report: Report;
}

/** Maximum number of damaged files in the message. */
const NAMED = 20;

/**
 * Checks a whole backup, copies it to staging folders, and moves it into place when all of it is complete.
 *
 * @throws AdminError that names what is damaged or in the way; nothing is changed in that case.
 */
export async function restoreBackup({ config, backup, overwrites, report }: RestoreRequest): Promise<void> {
  await assertBackup(backup);
  const { internal_storage: scheme, created_at: createdAt } = await manifestHead(backup);
  const target = new RestoreTarget(config);
  assertScheme(scheme, target.scheme);
  const names = await assertComplete(backup);
  assertOwnFiles(backup, names, config);
  await target.assertFree(overwrites);
  await target.begin();
  const { files, attached } = await stageAll(backup, target, report);
  const aside = await target.commit();
  for (const path of aside) report(`what was there is now ${path}`);
  report(
    `${config.dataDir}: restored the backup of ${createdAt}, with ${String(files)} files; md5 and creator of ${String(attached)} are known`,
  );
}

/** Copies all files to the staging folders, or leaves everything unchanged. @returns numbers of files. */
async function stageAll(
  backup: string,
  target: RestoreTarget,
  report: Report,
): Promise<{ readonly files: number; readonly attached: number }> {
  try {
    const files = await copyAll(backup, target);
    const attached = await withServices(
      target.staged,
      async (services) => {
        const { stages, connections } = await services.get(UnreadableConnections).find();
        if (stages.length + connections.length > 0) {
          report(
            'The key does not open all connections: add the one of that time to CONNECTION_KEY, or see npm run admin -- forget-connections.',
          );
        }
        return services.get(RestoredFiles).attach(files);
      },
      { migrates: true },
    );
    return { files: files.length, attached };
  } catch (error) {
    await target.abandon();
    throw error;
  }
}

function assertScheme(ofBackup: string, ofSettings: string): void {
  if (ofBackup === ofSettings) return;
  throw failed(
    `The internal storage was ${ofBackup}:// when the backup was made, and INTERNAL_STORAGE_URL is ${ofSettings}:// now: give the settings of that time.`,
  );
}

/** @returns the service's own files in the backup. */
async function assertComplete(backup: string): Promise<ReadonlySet<string>> {
  const problems: string[] = [];
  const own = new Set<string>();
  for await (const file of manifestFiles(backup)) {
    const problem = await problemOf(backup, file);
    if (isOwn(file)) own.add(file.path);
    if (problem !== undefined) problems.push(`${file.path} ${problem}`);
  }
  if (problems.length === 0) {
    if (own.has(DATABASE_FILE)) assertIntegrity(join(backup, DATABASE_FILE));
    return own;
  }
  const more = problems.length > NAMED ? [`and ${String(problems.length - NAMED)} more`] : [];
  const lines = [...problems.sort().slice(0, NAMED), ...more].map((line) => `  - ${line}`);
  throw new AdminError(
    'Failed',
    [`The backup in ${backup} is damaged. Nothing was restored:`, ...lines].join('\n'),
  );
}

async function problemOf(backup: string, file: ManifestFile): Promise<string | undefined> {
  const path = sourceOf(backup, file);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return 'is missing';
  if (!stats.isFile()) return 'is no file any more';
  if (stats.size !== file.size) return `has ${String(stats.size)} bytes instead of ${String(file.size)}`;
  return (await digestsOf(path)).sha256 === file.sha256 ? undefined : 'has another content than was copied';
}

function assertOwnFiles(backup: string, own: ReadonlySet<string>, { connectionKeys }: AppConfig): void {
  if (!own.has(DATABASE_FILE)) throw failed(`The backup in ${backup} is damaged: it holds no database.`);
  if (connectionKeys !== null || own.has(KEY_FILE)) return;
  throw failed(
    `The backup in ${backup} holds no key: it was made with CONNECTION_KEY. Give that setting; if the key is lost, give a new one.`,
  );
}

/** Distinguishes the service's own files from files of stages. */
function isOwn({ path }: ManifestFile): boolean {
  return path === DATABASE_FILE || path === KEY_FILE;
}

function sourceOf(backup: string, file: ManifestFile): Buffer {
  const { path } = file;
  return isOwn(file) ? Buffer.from(join(backup, path)) : pathOfKey(join(backup, 'internal'), path);
}

async function copyAll(backup: string, target: RestoreTarget): Promise<RestoredFile[]> {
  const files: RestoredFile[] = [];
  const folders = new NewFolders();
  for await (const file of manifestFiles(backup)) {
    const source = sourceOf(backup, file);
    const path = target.pathOf(file.path);
    await folders.create(folderOf(path));
    const { size, sha256, md5 } = await writeNewFile(createReadStream(source), path);
    if (sha256 !== file.sha256) throw failed(`${file.path} in ${backup} was changed while it was copied.`);
    const { mtime } = await stat(source);
    await utimes(path, mtime, mtime);
    if (!isOwn(file)) files.push({ key: file.path, size, md5 });
  }
  await folders.sync();
  return files;
}
