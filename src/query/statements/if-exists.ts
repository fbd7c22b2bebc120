import { StageError } from '../../stages/stage-error.js';
import { UserError } from '../../users/user-error.js';

/** Runs an action on what a statement names. @returns undefined if it does not exist and `ignoreMissing` is set. */
export async function ifExists<Result>(
  kind: 'UnknownStage' | 'UnknownConnection' | 'UnknownUser' | 'UnknownRole',
  ignoreMissing: boolean,
  run: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    const isKnown = error instanceof StageError || error instanceof UserError;
    if (ignoreMissing && isKnown && error.kind === kind) return undefined;
    throw error;
  }
}
