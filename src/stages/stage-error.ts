import { AppError } from '../common/app-error.js';

/** Why something cannot be done with a stage. */
export type StageErrorKind =
  | 'UnknownStage'
  | 'StageAlreadyExists'
  | 'InvalidStageName'
  | 'ReservedStageName'
  /** `~` is there for every user, and is neither created nor dropped. */
  | 'UserStageImmutable'
  /** A URL or a connection option that no stage can be made of. */
  | 'InvalidConnection'
  /** A stored connection that this server's key does not open. */
  | 'UnreadableConnection'
  | 'PermissionDenied'
  | 'InvalidPattern'
  | 'InvalidCursor'
  /** A request whose fields are missing, unknown or malformed. */
  | 'InvalidRequest'
  /** Some of the files that were to be removed are still there. */
  | 'RemovalIncomplete';

export class StageError extends AppError<StageErrorKind> {}
