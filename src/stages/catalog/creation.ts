import { StageError } from '../stage-error.js';

/** Behaviour of CREATE for an existing name; without either option it fails. */
export interface CreationOptions {
  readonly orReplace?: boolean | undefined;
  readonly ifNotExists?: boolean | undefined;
}

/** @throws StageError of kind `InvalidOption` if both are set. */
export function assertOneOption({ orReplace, ifNotExists }: CreationOptions): void {
  if (orReplace !== true || ifNotExists !== true) return;
  throw new StageError('InvalidOption', 'OR REPLACE and IF NOT EXISTS cannot be used together: choose one.');
}
