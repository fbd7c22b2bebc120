import { AppError } from '../common/app-error.js';

/** Why something cannot be done with a stage, or with a connection that stages are made of. */
export type StageErrorKind =
  | 'UnknownStage'
  | 'StageAlreadyExists'
  | 'InvalidStageName'
  | 'ReservedStageName'
  /** `~` is there for every user, and is neither created, altered nor dropped. */
  | 'UserStageImmutable'
  /** A URL was given to an internal stage. */
  | 'NotExternal'
  /** A path of the server that is not written as a URL. */
  | 'InvalidLocation'
  /** A URL or a connection option that no stage can be made of. */
  | 'InvalidConnection'
  | 'UnknownConnection'
  | 'ConnectionAlreadyExists'
  | 'InvalidConnectionName'
  /** A file format without a type, of an unknown one, or with options that its type does not have. */
  | 'IllegalFileFormat'
  | 'InvalidFileFormatValue'
  /** A file format is named that nobody has created. */
  | 'UnknownFileFormat'
  | 'InvalidPattern'
  | 'InvalidCursor'
  /** Options of a stage or a connection that are too long, missing, or exclude each other. */
  | 'InvalidOption'
  /** A stage that was to be made only if its store is well. */
  | 'StageCheckFailed'
  /** Some of the files that were to be removed are still there. */
  | 'RemovalIncomplete';

export class StageError extends AppError<StageErrorKind> {}
