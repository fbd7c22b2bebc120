import { AppError } from '../common/app-error.js';
import { BodyError, type BodyErrorKind } from '../common/json-body.js';
import { AuthError, type AuthErrorKind } from '../auth/auth-error.js';
import { StageError, type StageErrorKind } from '../stages/stage-error.js';
import { StorageError, type StorageErrorKind } from '../storage/contract/storage-error.js';
import { UploadError, type UploadErrorKind } from '../upload/upload-error.js';
import { UserError, type UserErrorKind } from '../users/user-error.js';

export interface ErrorRow {
  /** HTTP. */
  readonly status: number;
  /** Databend's number where it has one for the case, else the HTTP status, as Databend does. */
  readonly code: number;
  readonly log: 'error' | 'warn' | 'info' | 'debug';
}

const row = (status: number, code: number, log: ErrorRow['log'] = 'info'): ErrorRow => ({
  status,
  code,
  log,
});

/** nginx's status for a client that has left: nobody reads it but the log. */
const CLIENT_LEFT = 499;

const STORAGE_ERRORS = {
  NotFound: row(404, 3001),
  AlreadyExists: row(409, 2504),
  InvalidKey: row(400, 1006),
  InvalidConfig: row(502, 2002, 'warn'),
  PermissionDenied: row(502, 3002, 'warn'),
  RangeNotSatisfiable: row(416, 1006),
  RateLimited: row(503, 3901, 'warn'),
  TooLarge: row(413, 1006),
  Aborted: row(CLIENT_LEFT, CLIENT_LEFT, 'debug'),
  Unsupported: row(400, 3902),
  Unavailable: row(503, 3901, 'warn'),
  NoSpace: row(507, 4000, 'error'),
  Unexpected: row(502, 4000, 'error'),
} as const satisfies Record<StorageErrorKind, ErrorRow>;

const STAGE_ERRORS = {
  UnknownStage: row(404, 2501),
  StageAlreadyExists: row(409, 2502),
  InvalidStageName: row(400, 1005),
  ReservedStageName: row(400, 2004),
  UserStageImmutable: row(400, 2506),
  InvalidConnection: row(400, 4000),
  UnreadableConnection: row(503, 2002, 'error'),
  PermissionDenied: row(403, 1063),
  InvalidPattern: row(400, 1005),
  InvalidCursor: row(400, 1006),
  InvalidRequest: row(400, 1006),
  RemovalIncomplete: row(502, 4000, 'warn'),
} as const satisfies Record<StageErrorKind, ErrorRow>;

const UPLOAD_ERRORS = {
  MethodNotAllowed: row(405, 405),
  MissingStageHeader: row(400, 400),
  ConflictingHeaders: row(400, 400),
  MalformedHeader: row(400, 400),
  NotMultipart: row(415, 415),
  NoBoundary: row(400, 400),
  NoFile: row(400, 400),
  NotAFile: row(400, 400),
  BrokenForm: row(400, 400),
  TooManyFiles: row(400, 400),
  IdleTimeout: row(408, 408),
  ClientGone: row(CLIENT_LEFT, CLIENT_LEFT, 'info'),
} as const satisfies Record<UploadErrorKind, ErrorRow>;

const USER_ERRORS = {
  UnknownUser: row(401, 2201),
  WrongPassword: row(401, 5100),
  PasswordRequired: row(401, 5100),
  InvalidUserName: row(400, 1006),
} as const satisfies Record<UserErrorKind, ErrorRow>;

const AUTH_ERRORS = {
  NoCredentials: row(401, 5100),
  MalformedCredentials: row(401, 5100),
  UnsupportedScheme: row(401, 5100),
  EmptyPasswordFromAfar: row(401, 5100),
  TooManyAttempts: row(429, 5100, 'warn'),
} as const satisfies Record<AuthErrorKind, ErrorRow>;

const BODY_ERRORS = {
  NotJson: row(415, 415),
  MalformedJson: row(400, 400),
  BodyTooLarge: row(413, 413),
} as const satisfies Record<BodyErrorKind, ErrorRow>;

const UNKNOWN = row(500, 500, 'error');

/** How an error is answered and logged. A kind without a row does not compile. */
export function errorRow(error: AppError): ErrorRow {
  if (error instanceof StorageError) return STORAGE_ERRORS[error.kind];
  if (error instanceof StageError) return STAGE_ERRORS[error.kind];
  if (error instanceof UploadError) return UPLOAD_ERRORS[error.kind];
  if (error instanceof UserError) return USER_ERRORS[error.kind];
  if (error instanceof AuthError) return AUTH_ERRORS[error.kind];
  if (error instanceof BodyError) return BODY_ERRORS[error.kind];
  return UNKNOWN;
}
