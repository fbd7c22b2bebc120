import { validateIdentifier } from './identifier.js';
import { USER_STAGE_NAME } from './stage.js';
import { StageError } from '../stage-error.js';

/** Databend's own, for its streaming load. */
export const STREAMING_LOAD_STAGE = '_databend_load';

/** @throws StageError unless a stage of this name can be created: Databend's rule, case kept. */
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

/** What to write instead, where a name has what belongs around a name; undefined where it is only unknown. */
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

/** A header is taken as it is, and a URL is decoded once: what is still encoded was encoded for nothing. */
function percentDecoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
