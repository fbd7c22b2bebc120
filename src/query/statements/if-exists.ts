import { StageError } from '../../stages/stage-error.js';

/** Runs an action on a stage or connection. @returns undefined if it does not exist and `ignoreMissing` is set. */
export async function ifExists<Result>(
  kind: 'UnknownStage' | 'UnknownConnection',
  ignoreMissing: boolean,
  run: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    if (ignoreMissing && error instanceof StageError && error.kind === kind) return undefined;
    throw error;
  }
}
