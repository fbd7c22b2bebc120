import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isReadableByAnybody,
  makePrivateDirectory,
  PRIVATE_FILE_MODE,
  tightenFile,
} from '../common/private-files.js';
import type { AppConfig } from '../config/app-config.js';
import { ConfigError } from '../config/config-error.js';
import { KEY_BYTES, KEY_LIST_RULE, parseKeys, type KeyList } from '../config/key-list.js';

export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'connection.key');
}

/**
 * Reads the keys of the key file, or creates a file of mode 0600 with one key. Two servers that start at once on one folder end
 * up with the same key.
 *
 * @throws ConfigError if the file holds no keys, or can be neither read nor created.
 */
export function keysFromFile(dataDir: string): KeyList {
  const path = keyFilePath(dataDir);
  const keys = parseKeys(readOrCreate(dataDir, path));
  if (keys !== undefined) return keys;
  throw new ConfigError([
    `${path} ${KEY_LIST_RULE}: restore it from a backup, or set CONNECTION_KEY. ` +
      'A new key alone would leave every stored connection unreadable',
  ]);
}

/**
 * Makes the warning about a key file that every user of the machine can read. Call it before `keysFromFile`, which tightens the
 * mode of the server's own file.
 */
export function keyFileWarning({
  connectionKeys,
  connectionKeyFile,
  dataDir,
}: AppConfig): string | undefined {
  const path = connectionKeys === null ? keyFilePath(dataDir) : connectionKeyFile;
  if (path === null || !isReadableByAnybody(path)) return undefined;
  return `The mode of ${path} lets every user of this machine read the key: chmod 600 ${path}, and change the key if somebody may have read it.`;
}

function readOrCreate(dataDir: string, path: string): string {
  try {
    tightenFile(path);
    return readIfExists(path) ?? create(dataDir, path);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new ConfigError([
      `${path} can be neither read nor made (${error.message}). Give it and its folder to the user of the service ` +
        '(chown), on a disk that can be written, or set DATA_DIR to another folder',
    ]);
  }
}

function create(dataDir: string, path: string): string {
  makePrivateDirectory(dataDir);
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, {
      mode: PRIVATE_FILE_MODE,
      flag: 'wx',
      flush: true,
    });
    linkSync(draft, path); // fails if another process was first
  } catch (error) {
    if (readIfExists(path) === undefined) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
