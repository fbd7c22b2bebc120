import { StageError } from '../stage-error.js';

/** What CREATE does where the name is taken; without either it fails. */
export interface CreationOptions {
  readonly orReplace?: boolean | undefined;
  readonly ifNotExists?: boolean | undefined;
}

/** @throws StageError of kind `InvalidOption` for both at once. */
export function assertOneOption({ orReplace, ifNotExists }: CreationOptions): void {
  if (orReplace !== true || ifNotExists !== true) return;
  throw new StageError('InvalidOption', 'OR REPLACE and IF NOT EXISTS cannot be used together: choose one.');
}
