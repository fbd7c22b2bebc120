import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory, PRIVATE_FILE_MODE, tightenFile } from '../common/private-files.js';
import { ConfigError } from '../config/config-error.js';

const KEY_BYTES = 32;

export function connectionKeyPath(dataDir: string): string {
  return join(dataDir, 'connection.key');
}

/**
 * The key file's 32 bytes; a new file of mode 0600 where there is none. Two servers that start at once on one folder end
 * with one key.
 *
 * @throws ConfigError where the file is not such a key, or can be neither read nor made.
 */
export function connectionKeyFromFile(dataDir: string): Buffer {
  const path = connectionKeyPath(dataDir);
  const text = readOrCreate(dataDir, path);
  const key = Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES) return key;
  throw new ConfigError([
    `${path} does not hold 32 bytes in base64: restore it from a backup, or set CONNECTION_KEY. ` +
      'A new key would leave every stored connection unreadable',
  ]);
}

function readOrCreate(dataDir: string, path: string): string {
  try {
    tightenFile(path);
    return readIfThere(path) ?? create(dataDir, path);
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
    linkSync(draft, path); // fails where another process was first
  } catch (error) {
    if (readIfThere(path) === undefined) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
