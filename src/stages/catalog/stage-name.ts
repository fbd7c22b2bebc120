import { validateIdentifier } from './identifier.js';
import { USER_STAGE_NAME } from './stage.js';
import { StageError } from '../stage-error.js';

/** Reserved by Databend for its streaming load. */
export const STREAMING_LOAD_STAGE = '_databend_load';

/**
 * Applies Databend's rule for the name of a new stage; case is kept.
 *
 * @throws StageError for a name that is not allowed.
 */
export function checkNewStageName(name: string): void {
  if (name === USER_STAGE_NAME) {
    throw new StageError('UserStageImmutable', 'user stage is not allowed to be created');
  }
  if (name.toLowerCase() === STREAMING_LOAD_STAGE) {
    throw new StageError(
      'ReservedStageName',
      `Can not create stage with name \`${STREAMING_LOAD_STAGE}\`, which is reserved`,
    );
  }
  const problem = validateIdentifier(name);
  if (problem !== undefined) {
    throw new StageError(
      'InvalidStageName',
      `Stage name ${JSON.stringify(name)} cannot be used: ${problem}.`,
    );
  }
}

/**
 * Suggests a correction for a name with a prefix, quotes or a path around it.
 *
 * @returns undefined if the name has none of them.
 */
export function misspelling(name: string): string | undefined {
  const [, stage = '', path = ''] = /^@*(['"`]?[^/]*)(.*)$/s.exec(percentDecoded(name)) ?? [];
  const bare = stage.replace(/^(['"`])(.*)\1$/s, '$2');
  const isName = bare === USER_STAGE_NAME || validateIdentifier(bare) === undefined;
  if (bare === name || !isName) return undefined;
  const advice = ` The stage name is ${bare} alone`;
  const directory = path.split('/').filter(Boolean).join('/');
  if (directory === '') return `${advice}.`;
  return (
    `${advice}: the directory ${directory} goes into the header x-databend-relative-path, ` +
    `or behind /files/ in the URL.`
  );
}

/** Decodes a name once more: headers are not decoded and URLs are decoded once, so remaining escapes are a mistake. */
function percentDecoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
