import { AppError } from '../common/app-error.js';

/** Why an operation on a stage or on a named connection failed. */
export type StageErrorKind =
  | 'UnknownStage'
  | 'StageAlreadyExists'
  | 'InvalidStageName'
  | 'ReservedStageName'
  /** `~` exists for every user, and cannot be created, altered or dropped. */
  | 'UserStageImmutable'
  /** A URL for an internal stage. */
  | 'NotExternal'
  /** A path of the server that is not written as a URL. */
  | 'InvalidLocation'
  /** A URL or a connection option that is invalid for a stage. */
  | 'InvalidConnection'
  | 'UnknownConnection'
  /** The connection that a stage refers to does not exist any more. */
  | 'MissingConnection'
  /** A connection that stages refer to cannot be dropped or replaced. */
  | 'ConnectionInUse'
  | 'ConnectionAlreadyExists'
  | 'InvalidConnectionName'
  /** A file format without a type, of an unknown type, or with options that its type does not have. */
  | 'IllegalFileFormat'
  | 'InvalidFileFormatValue'
  /** A named file format that does not exist. */
  | 'UnknownFileFormat'
  | 'InvalidPattern'
  | 'InvalidCursor'
  /** Options of a stage or a connection that are too long, missing, or exclude each other. */
  | 'InvalidOption'
  /** A stage was to be created only if its checks succeed, and one failed. */
  | 'StageCheckFailed'
  /** Some of the files to remove remain. */
  | 'RemovalIncomplete';

export class StageError extends AppError<StageErrorKind> {}
