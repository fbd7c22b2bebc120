import { AppError } from '../../common/app-error.js';
import type { ErrorCode } from '../../common/error-codes.js';
import { RequestError, type RequestErrorKind } from '../request/request-error.js';
import { AccessError, type AccessErrorKind } from '../../access/access-error.js';
import { AuthError, type AuthErrorKind } from '../../auth/auth-error.js';
import { DatabaseError, type DatabaseErrorKind } from '../../database/database-error.js';
import { HealthError, type HealthErrorKind } from '../../health/health-error.js';
import { SealedBoxError, type SealedBoxErrorKind } from '../../keys/sealed-box-error.js';
import { JournalError, type JournalErrorKind } from '../../journal/journal-error.js';
import { PresignedUrlError, type PresignedUrlErrorKind } from '../../presigned/presigned-error.js';
import { QueryError, type QueryErrorKind } from '../../query/query-error.js';
import { QuotaError, type QuotaErrorKind } from '../../quotas/quota-error.js';
import { SqlError, type SqlErrorKind } from '../../query/sql/sql-error.js';
import { StageError, type StageErrorKind } from '../../stages/stage-error.js';
import { StorageError, type StorageErrorKind } from '../../storage/contract/storage-error.js';
import { UploadError, type UploadErrorKind } from '../../upload/upload-error.js';
import { UserError, type UserErrorKind } from '../../users/user-error.js';

/** `code` is the HTTP status if Databend has no number for the case, as in Databend. */
export interface ErrorRow extends Omit<ErrorCode, 'kind'> {
  /** Name in answers, if the error's own kind is ambiguous outside its module. */
  readonly kind?: string;
}

const row = (status: number, code: number, log: ErrorRow['log'] = 'info'): ErrorRow => ({
  status,
  code,
  log,
});
const named = <const Kind extends string>(
  kind: Kind,
  unnamed: ErrorRow,
): ErrorRow & { readonly kind: Kind } => ({ ...unnamed, kind });

/** nginx's status for a disconnected client; only the log shows it. */
const CLIENT_LEFT = 499;

const STORAGE_ERRORS = {
  NotFound: named('FileNotFound', row(404, 3001)),
  AlreadyExists: named('NameConflict', row(409, 2504)),
  PreconditionFailed: row(412, 2504),
  InvalidKey: named('InvalidFileName', row(400, 1006)),
  InvalidConfig: named('StoreMisconfigured', row(502, 2002, 'warn')),
  PermissionDenied: named('StoreDeniedAccess', row(502, 3002, 'warn')),
  RangeNotSatisfiable: row(416, 1006),
  RateLimited: named('StoreBusy', row(503, 3901, 'warn')),
  TooLarge: named('FileTooLargeForStore', row(413, 1006)),
  Aborted: named('ClientGone', row(CLIENT_LEFT, CLIENT_LEFT, 'debug')),
  Unsupported: named('UnsupportedByStore', row(400, 3902)),
  Unavailable: named('StoreUnavailable', row(503, 3901, 'warn')),
  NoSpace: row(507, 4000, 'error'),
  Unexpected: named('StoreFailed', row(502, 4000, 'error')),
} as const satisfies Record<StorageErrorKind, ErrorRow>;

const STAGE_ERRORS = {
  UnknownStage: row(404, 2501),
  StageAlreadyExists: row(409, 2502),
  InvalidStageName: row(400, 1005),
  ReservedStageName: row(400, 2004),
  UserStageImmutable: row(400, 2506),
  NotExternal: row(400, 1006),
  InvalidLocation: row(400, 1005),
  InvalidConnection: row(400, 4000),
  UnknownConnection: row(404, 2510),
  MissingConnection: row(502, 2510, 'warn'),
  ConnectionInUse: row(409, 409),
  ConnectionAlreadyExists: row(409, 2512),
  InvalidConnectionName: row(400, 1005),
  IllegalFileFormat: row(400, 2508),
  InvalidFileFormatValue: row(400, 1006),
  UnknownFileFormat: row(400, 2507),
  InvalidPattern: row(400, 1005),
  InvalidCursor: row(400, 1006),
  InvalidOption: named('InvalidRequest', row(400, 1006)),
  StageCheckFailed: row(502, 2002, 'warn'),
  RemovalIncomplete: row(502, 4000, 'warn'),
} as const satisfies Record<StageErrorKind, ErrorRow>;

const ACCESS_ERRORS = {
  PermissionDenied: row(403, 1063),
  PasswordChangeRequired: row(403, 1066),
  TokenScope: row(403, 1063),
} as const satisfies Record<AccessErrorKind, ErrorRow>;

const UPLOAD_ERRORS = {
  MissingStageHeader: row(400, 400),
  ConflictingHeaders: row(400, 400),
  NotMultipart: row(415, 415),
  NoBoundary: row(400, 400),
  NoFile: row(400, 400),
  NotAFile: row(400, 400),
  BrokenForm: row(400, 400),
  TooManyFiles: row(400, 400),
  RepeatedFile: row(400, 400),
  FormInsteadOfFile: row(415, 415),
  EncodedBody: row(415, 415),
  PartialBody: row(400, 400),
  NoBody: row(411, 411),
  FileTooLarge: row(413, 413),
  ChecksumMismatch: row(400, 400),
  LengthMismatch: row(400, 400),
  TooSlow: row(408, 408),
  Busy: named('ServerBusy', row(503, 503, 'warn')),
  TooManyUploads: row(429, 429),
  ShuttingDown: row(503, 503),
  IdleTimeout: row(408, 408),
  ClientGone: row(CLIENT_LEFT, CLIENT_LEFT, 'info'),
} as const satisfies Record<UploadErrorKind, ErrorRow>;

const USER_ERRORS = {
  WrongPassword: row(401, 5100),
  PasswordRequired: row(401, 5100),
  UserDisabled: row(401, 5100),
  TooManyAtOnce: named('TooManyAttempts', row(429, 5100, 'warn')),
  InvalidUserName: row(400, 2218),
  UnknownUser: row(404, 2201),
  UserAlreadyExists: row(409, 2202),
  BuiltInUser: row(403, 2202),
  UnalterableUser: named('BuiltInUser', row(403, 2218)),
  InvalidUserOption: row(400, 1006),
  UserHasFiles: row(409, 2202),
  LastAdministrator: row(409, 2202),
  InvalidPassword: row(400, 2215),
  PasswordNeeded: row(400, 5100),
  InvalidRoleName: row(400, 2217),
  UnknownRole: row(404, 2204),
  RoleAlreadyExists: row(409, 2216),
  BuiltInRole: row(403, 2217),
  InvalidRole: row(400, 2206),
  IllegalGrant: row(400, 1061),
  ConnectionToUser: named('IllegalGrant', row(400, 2218)),
  UnknownToken: row(404, 404),
  TokenAlreadyExists: row(409, 409),
  TooManyTokens: row(409, 409),
  InvalidToken: row(400, 400),
} as const satisfies Record<UserErrorKind, ErrorRow>;

const AUTH_ERRORS = {
  NoCredentials: row(401, 5100),
  MalformedCredentials: row(401, 5100),
  UnsupportedScheme: row(401, 5100),
  PasswordRequiredRemotely: row(401, 5100),
  TooManyAttempts: row(429, 5100, 'warn'),
  WrongTokenType: row(401, 5100),
  SessionTokenExpired: row(401, 5101),
  SessionTokenNotFound: row(401, 5103),
  OutMeanwhile: row(401, 5100),
  UnknownApiToken: row(401, 5100),
  ApiTokenExpired: row(401, 5100),
  RefreshTokenExpired: row(401, 5102),
  RefreshTokenNotFound: row(401, 5104),
} as const satisfies Record<AuthErrorKind, ErrorRow>;

const REQUEST_ERRORS = {
  UnknownRoute: row(404, 404),
  MethodNotAllowed: row(405, 405),
  InvalidRequest: row(400, 1006),
  InvalidProtocolRequest: named('InvalidRequest', row(400, 400)),
  MalformedHeader: row(400, 400),
  NotAcceptable: row(406, 406),
  NotJson: row(415, 415),
  MalformedJson: row(400, 400),
  BodyTooLarge: row(413, 413),
  MalformedHttp: row(400, 400),
  HeadersTooLarge: row(431, 431),
  HeadersTooSlow: row(408, 408),
  BodyTooSlow: row(408, 408),
  UnknownExpectation: row(417, 417),
  HostNotAllowed: row(421, 421),
  SurplusBytes: row(400, 400),
  BrokenBody: row(400, 400),
  TooManyRequests: row(429, 429),
} as const satisfies Record<RequestErrorKind, ErrorRow>;

const SQL_ERRORS = {
  Syntax: row(400, 1005),
  Semantic: row(400, 1065),
  UnknownFunction: row(400, 1008),
  UnknownTable: row(400, 1025),
  Unimplemented: row(400, 1002),
} as const satisfies Record<SqlErrorKind, ErrorRow>;

const QUERY_ERRORS = {
  BadArguments: row(400, 1006),
  InvalidTimezone: row(400, 1078),
  NoWarehouse: row(400, 1002),
  UnknownQuery: row(404, 404),
  InvalidPage: row(404, 404),
  ClosedQuery: row(400, 400),
  QueryIdTaken: row(409, 1006),
  Interrupted: named('QueryInterrupted', row(503, 1001, 'warn')),
} as const satisfies Record<QueryErrorKind, ErrorRow>;

const PRESIGNED_URL_ERRORS = {
  InvalidExpiry: row(400, 1006),
  InvalidContentType: row(400, 1006),
  InvalidMaxBytes: row(400, 1006),
  InvalidSignature: row(403, 1063),
  Expired: named('PresignedUrlExpired', row(403, 1063)),
  Revoked: named('PresignedUrlRevoked', row(403, 1063)),
  WrongContentType: row(403, 1063),
  IdempotencyKeyRefused: row(400, 400),
} as const satisfies Record<PresignedUrlErrorKind, ErrorRow>;

const JOURNAL_ERRORS = {
  UnknownUpload: row(404, 404),
  InvalidCursor: row(400, 1006),
  IdempotencyKeyReused: row(422, 422),
  IdempotencyConflict: row(409, 409),
} as const satisfies Record<JournalErrorKind, ErrorRow>;

const DATABASE_ERRORS = {
  NoSpace: row(507, 4000, 'error'),
  Unavailable: named('DatabaseUnavailable', row(503, 3901, 'error')),
  Unstorable: named('UnstorableText', row(400, 1006)),
  Conflict: named('ConcurrentChange', row(409, 1006)),
} as const satisfies Record<DatabaseErrorKind, ErrorRow>;

/** At debug: a load balancer asks twice a second. The log tells each change. */
const HEALTH_ERRORS = {
  NotReady: row(503, 503, 'debug'),
} as const satisfies Record<HealthErrorKind, ErrorRow>;

const QUOTA_ERRORS = {
  QuotaExceeded: row(413, 413),
  QuotaBelowUse: row(409, 409),
  NoQuota: row(400, 400),
} as const satisfies Record<QuotaErrorKind, ErrorRow>;

const SEALED_BOX_ERRORS = {
  UnreadableSecret: row(502, 2002, 'error'),
} as const satisfies Record<SealedBoxErrorKind, ErrorRow>;

/** Errors that no module of this service throws. */
const FOREIGN_ERRORS = {
  Internal: named('Internal', row(500, 500, 'error')),
  /** Express cannot decode a path. */
  MalformedUrl: row(400, 400),
} as const;

const TABLES = {
  STORAGE_ERRORS,
  STAGE_ERRORS,
  ACCESS_ERRORS,
  UPLOAD_ERRORS,
  USER_ERRORS,
  AUTH_ERRORS,
  REQUEST_ERRORS,
  SQL_ERRORS,
  QUERY_ERRORS,
  PRESIGNED_URL_ERRORS,
  JOURNAL_ERRORS,
  DATABASE_ERRORS,
  HEALTH_ERRORS,
  QUOTA_ERRORS,
  SEALED_BOX_ERRORS,
  FOREIGN_ERRORS,
} as const;

/** The kinds of a table as answers name them. */
type KindsIn<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends { readonly kind: infer Kind extends string } ? Kind : Key;
}[keyof Table];

/** Every kind of error in answers. */
export type AnsweredKind = {
  [Name in keyof typeof TABLES]: KindsIn<(typeof TABLES)[Name]>;
}[keyof typeof TABLES];

/** Returns how an error is answered and logged. */
export function errorRow(error: AppError): ErrorRow & ErrorCode {
  const match = rowOf(error);
  return { ...match, kind: match.kind ?? error.kind };
}

/** Finds the row of an error. A kind without a row does not compile. */
function rowOf(error: AppError): ErrorRow {
  if (error instanceof StorageError) return STORAGE_ERRORS[error.kind];
  if (error instanceof StageError) return STAGE_ERRORS[error.kind];
  if (error instanceof AccessError) return ACCESS_ERRORS[error.kind];
  if (error instanceof UploadError) return UPLOAD_ERRORS[error.kind];
  if (error instanceof UserError) return USER_ERRORS[error.kind];
  if (error instanceof AuthError) return AUTH_ERRORS[error.kind];
  if (error instanceof RequestError) return REQUEST_ERRORS[error.kind];
  if (error instanceof SqlError) return SQL_ERRORS[error.kind];
  if (error instanceof QueryError) return QUERY_ERRORS[error.kind];
  if (error instanceof JournalError) return JOURNAL_ERRORS[error.kind];
  if (error instanceof DatabaseError) return DATABASE_ERRORS[error.kind];
  if (error instanceof HealthError) return HEALTH_ERRORS[error.kind];
  if (error instanceof QuotaError) return QUOTA_ERRORS[error.kind];
  if (error instanceof SealedBoxError) return SEALED_BOX_ERRORS[error.kind];
  if (error instanceof PresignedUrlError) return PRESIGNED_URL_ERRORS[error.kind];
  return FOREIGN_ERRORS.Internal;
}

/** Lists every kind of error in answers, with its constant properties. */
export function allErrorKinds(): readonly (ErrorRow & ErrorCode)[] {
  const tables: readonly Readonly<Record<string, ErrorRow>>[] = Object.values(TABLES);
  return tables.flatMap((table) =>
    Object.entries(table).map(([kind, each]) => ({ ...each, kind: each.kind ?? kind })),
  );
}
