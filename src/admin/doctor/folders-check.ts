import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { messageOf } from '../../common/message-of.js';
import type { AppConfig } from '../../config/app-config.js';
import { localFolder } from '../../config/local-folder.js';
import { fileSystemKind } from './file-system-kind.js';
import { error, ok, warning, type Finding } from './finding.js';

const MIB = 1024 * 1024;
const FEW_FREE_BYTES = 1024 * MIB;
const LEAST_FREE_INODES = 1000;
/** Share of a file system below which little is free. */
const LOW_SHARE = 0.05;

const { R_OK, W_OK, X_OK } = constants;
const OWN_IT = 'Give it to the user of the service (chown), on a disk that can be written.';
const READ_BY_OTHERS = 0o077;

interface Folder {
  /** Name of what it holds. */
  readonly name: string;
  readonly path: string;
  readonly holdsSqlite: boolean;
}

/** Looks at the folders that the server writes to. Writes nothing. */
export function checkFolders(config: AppConfig): readonly Finding[] {
  const findings = foldersOf(config).flatMap((folder) => folderFindings(folder, config.diskMinFreeMib * MIB));
  return [...findings, ...config.fsStageRoots.flatMap(rootFindings)];
}

function foldersOf({ dataDir, database, internalStorage: { url } }: AppConfig): readonly Folder[] {
  const sqliteFolder = database.kind === 'sqlite' ? dirname(database.path) : undefined;
  const internal = localFolder(url);
  const folders: Folder[] = [
    { name: 'data folder', path: dataDir, holdsSqlite: sqliteFolder === dataDir },
    ...(sqliteFolder === undefined
      ? []
      : [{ name: 'folder of the database', path: sqliteFolder, holdsSqlite: true }]),
    ...(internal === undefined ? [] : [{ name: 'internal storage', path: internal, holdsSqlite: false }]),
  ];
  return folders.filter(({ path }, index) => folders.findIndex((other) => other.path === path) === index);
}

function folderFindings(folder: Folder, leastFreeBytes: number): readonly Finding[] {
  const { name, path } = folder;
  if (!existsSync(path)) return [missing(folder)];
  if (!statSync(path).isDirectory()) {
    return [error('folders', `The ${name} ${path} is not a folder.`, 'Name a folder.')];
  }
  const problem = ownerProblem(folder) ?? accessProblem(path, R_OK | W_OK | X_OK);
  if (problem !== undefined) return [error('folders', `The ${name} ${path} ${problem}.`, adviceFor(path))];
  return [...modeFindings(folder), ...durabilityFindings(folder), ...spaceFindings(folder, leastFreeBytes)];
}

/** The server makes a missing folder when it starts. */
function missing({ name, path }: Folder): Finding {
  const parent = nearestExisting(path);
  const problem = accessProblem(parent, W_OK | X_OK);
  if (problem !== undefined) {
    return error('folders', `The ${name} ${path} cannot be made: ${parent} ${problem}.`, OWN_IT);
  }
  return warning(
    'folders',
    `There is no ${name} ${path} yet: a start makes it.`,
    'If the service has run before, name the folder that it had, or mount its disk.',
  );
}

/** Root may do everything in a folder of somebody else: what it finds would say nothing of the service's user. */
function ownerProblem({ path }: Folder): string | undefined {
  const [own, owner] = [process.geteuid?.(), statSync(path).uid];
  if (own !== 0 || owner === 0) return undefined;
  return `belongs to user ${String(owner)}, and this command runs as root`;
}

function adviceFor(path: string): string {
  const owner = statSync(path).uid;
  const isRoot = process.geteuid?.() === 0;
  return isRoot ? `Run this command as the user of the service: setpriv --reuid=${String(owner)} …` : OWN_IT;
}

function accessProblem(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (problem) {
    return `cannot be used by user ${String(process.geteuid?.() ?? '')} (${messageOf(problem)})`;
  }
}

function modeFindings({ name, path }: Folder): readonly Finding[] {
  if ((statSync(path).mode & READ_BY_OTHERS) === 0) return [];
  const message = `The mode of the ${name} ${path} lets other users of this machine in.`;
  return [warning('folders', message, `chmod 700 ${path}`)];
}

function durabilityFindings({ name, path, holdsSqlite }: Folder): readonly Finding[] {
  switch (fileSystemKind(statfsSync(path).type)) {
    case 'memory':
      return [
        warning(
          'folders',
          `The ${name} ${path} is in memory (tmpfs): a restart of the machine loses it.`,
          'Name a folder on a disk.',
        ),
      ];
    case 'network':
      return [
        warning(
          'folders',
          `The ${name} ${path} is on a file system of the network.`,
          holdsSqlite
            ? 'Name a local folder, or use PostgreSQL: SQLite needs locks and shared memory of one machine.'
            : 'See that it keeps what is synced, or store internal files in S3.',
        ),
      ];
    case 'container':
      return [
        warning(
          'folders',
          `The ${name} ${path} is in the container's own layer: it goes with the container.`,
          'Mount a volume there.',
        ),
      ];
    case 'disk':
      return [ok('folders', `The ${name} ${path} is on a disk, and can be written.`)];
  }
}

function spaceFindings({ name, path }: Folder, leastFreeBytes: number): readonly Finding[] {
  const { bavail, blocks, bsize, files, ffree } = statfsSync(path);
  const [freeBytes, freeShare] = [bavail * bsize, blocks === 0 ? 1 : bavail / blocks];
  const free = `${String(Math.floor(freeBytes / MIB))} MiB (${String(Math.floor(freeShare * 100))} %)`;
  const findings: Finding[] = [];
  const message = `The disk of the ${name} ${path} has ${free} free`;
  if (freeBytes === 0 || freeBytes < leastFreeBytes) {
    const limit = String(leastFreeBytes / MIB);
    findings.push(error('folders', `${message}, and DISK_MIN_FREE_MIB is ${limit}.`, 'Make room on it.'));
  } else if (freeBytes < FEW_FREE_BYTES || freeShare < LOW_SHARE) {
    findings.push(warning('folders', `${message}.`, 'Make room on it, or give it a larger disk.'));
  } else findings.push(ok('folders', `${message}.`));
  if (files === 0) return findings; // a file system without inodes of a fixed number
  const inodes = `The disk of the ${name} ${path} has room for ${String(ffree)} more files (inodes).`;
  if (ffree < LEAST_FREE_INODES) findings.push(error('folders', inodes, 'Remove files: df -i shows it.'));
  else if (ffree / files < LOW_SHARE) {
    findings.push(warning('folders', inodes, 'Remove files, or make a file system with more inodes.'));
  }
  return findings;
}

function rootFindings(root: string): readonly Finding[] {
  if (existsSync(root)) return [];
  const message = `FS_STAGE_ROOTS names ${root}, which is not there.`;
  return [warning('folders', message, 'Make it, or mount its disk: stages in it do not work.')];
}

function nearestExisting(path: string): string {
  return existsSync(path) || path === '/' ? path : nearestExisting(dirname(path));
}
