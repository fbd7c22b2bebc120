import { StageError } from '../../stages/stage-error.js';

/** Runs what needs a stage or a connection. @returns undefined where it is not there, and IF EXISTS forgives that. */
export async function ifExists<Result>(
  kind: 'UnknownStage' | 'UnknownConnection',
  forgive: boolean,
  run: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    if (forgive && error instanceof StageError && error.kind === kind) return undefined;
    throw error;
  }
}
