import type { AnsweredKind } from '../../http/errors/error-table.js';

type Kinds = readonly AnsweredKind[];

/** Errors of every request. */
export const OF_ANY_REQUEST: Kinds = [
  'MalformedHttp',
  'MalformedUrl',
  'InvalidRequest',
  'SurplusBytes',
  'HeadersTooSlow',
  'UnknownExpectation',
  'HostNotAllowed',
  'HeadersTooLarge',
  'Internal',
];

/** Errors of every request for which somebody must sign in. */
export const OF_SIGNING_IN: Kinds = [
  'NoCredentials',
  'MalformedCredentials',
  'UnsupportedScheme',
  'WrongPassword',
  'PasswordRequired',
  'PasswordRequiredRemotely',
  'UserDisabled',
  'OutMeanwhile',
  'UnknownApiToken',
  'ApiTokenExpired',
  'WrongTokenType',
  'SessionTokenExpired',
  'SessionTokenNotFound',
  'PermissionDenied',
  'TokenScope',
  'PasswordChangeRequired',
  'TooManyAttempts',
  'TooManyRequests',
  'DatabaseUnavailable',
];

/** Errors of a body of JSON. */
export const OF_JSON: Kinds = ['MalformedJson', 'BrokenBody', 'BodyTooSlow', 'BodyTooLarge', 'NotJson'];

/** Errors of a request that may have no body. */
export const OF_REMOVING: Kinds = ['InvalidRequest', 'BrokenBody'];

/** Errors of a change of what is stored of stages and people. */
export const OF_CHANGING: Kinds = ['ConcurrentChange', 'UnstorableText', 'NoSpace'];

/** Errors of a store that is asked. */
export const OF_STORES: Kinds = [
  'StoreMisconfigured',
  'StoreDeniedAccess',
  'StoreFailed',
  'StoreBusy',
  'StoreUnavailable',
  'UnsupportedByStore',
  'UnreadableSecret',
  'MissingConnection',
];

/** Errors of a file that is read or removed by its name. */
export const OF_A_FILE: Kinds = [
  'UnknownStage',
  'InvalidFileName',
  'FileNotFound',
  'PreconditionFailed',
  'MalformedHeader',
  ...OF_STORES,
];

/** Errors of every upload. */
export const OF_UPLOADING: Kinds = [
  ...OF_STORES,
  'InvalidFileName',
  'MalformedHeader',
  'ConflictingHeaders',
  'BrokenBody',
  'PartialBody',
  'EncodedBody',
  'ChecksumMismatch',
  'FileTooLarge',
  'FileTooLargeForStore',
  'QuotaExceeded',
  'NameConflict',
  'ConcurrentChange',
  'UnstorableText',
  'NoSpace',
  'IdleTimeout',
  'TooSlow',
  'TooManyUploads',
  'ServerBusy',
  'ShuttingDown',
];

/** Errors of an upload with an Idempotency-Key. */
export const OF_REPEATING: Kinds = ['IdempotencyConflict', 'IdempotencyKeyReused'];

/** Errors of a presigned URL. */
export const OF_PRESIGNED: Kinds = [
  'InvalidSignature',
  'PresignedUrlExpired',
  'PresignedUrlRevoked',
  'MethodNotAllowed',
  'TooManyRequests',
  'OutMeanwhile',
  'DatabaseUnavailable',
];
