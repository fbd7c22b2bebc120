import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { messageOf } from '../../common/message-of.js';
import type { AppConfig } from '../../config/app-config.js';
import { KEY_LIST_RULE, parseKeys } from '../../config/key-list.js';
import { keyFilePath, keyFileWarning } from '../../keys/key-file.js';
import { error, ok, warning, type Finding } from './finding.js';

const RESTORE = 'Restore it from a backup, or set CONNECTION_KEY.';

/** Looks at the key that encrypts connections. Makes none. @param isUsed whether a server has run with a key already. */
export function checkKeys(config: AppConfig, isUsed: boolean): readonly Finding[] {
  const exposed = keyFileWarning(config);
  const warnings = exposed === undefined ? [] : [warning('keys', exposed)];
  if (config.connectionKeys !== null) {
    return [...warnings, ok('keys', `CONNECTION_KEY holds ${String(config.connectionKeys.length)} key(s).`)];
  }
  return [...warnings, keyFileFinding(keyFilePath(config.dataDir), isUsed)];
}

function keyFileFinding(path: string, isUsed: boolean): Finding {
  if (!existsSync(path)) {
    return isUsed
      ? error('keys', `The key file ${path} is gone: a start would make another key.`, RESTORE)
      : ok('keys', `There is no key file yet: the first start makes ${path}.`);
  }
  try {
    accessSync(path, constants.R_OK);
    if (parseKeys(readFileSync(path, 'utf8')) === undefined) {
      return error('keys', `The key file ${path} ${KEY_LIST_RULE}.`, RESTORE);
    }
    return ok('keys', `The key file ${path} holds a key.`);
  } catch (problem) {
    return error(
      'keys',
      `The key file cannot be read (${messageOf(problem)}).`,
      'Give it to this user (chown).',
    );
  }
}
