import { complaintAboutIdentifier } from './identifier.js';
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
  const complaint = complaintAboutIdentifier(name);
  if (complaint !== undefined) {
    throw new StageError(
      'InvalidStageName',
      `Stage name ${JSON.stringify(name)} cannot be used: ${complaint}.`,
    );
  }
}
