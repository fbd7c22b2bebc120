import { types } from 'node:util';
import type { ErrorContext } from '../../../common/app-error.js';
import { isWrongEndpoint, networkReason } from './s3-network-reason.js';
import { StorageError, type StorageErrorKind } from '../../contract/storage-error.js';

export interface S3Operation {
  /** The provider's verb: `put`. */
  readonly operation: string;
  readonly key?: string | undefined;
  /** If the signal has fired, the failure is the caller's own abort. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Translates errors of S3, its SDK and the network; no other code does. The message contains the store's own reason. Neither it nor
 * the context nor the cause contains a credential or a signature.
 */
export function s3StorageError(error: unknown, operation: S3Operation): StorageError {
  if (error instanceof StorageError) return error;
  const details = detailsOf(error);
  const kind = operation.signal?.aborted === true ? 'Aborted' : kindIn(operation.operation, details);
  const message =
    kind === 'Aborted' ? 'The operation was aborted.' : `${SENTENCES[kind]}: ${reason(details)}`;
  return new StorageError(kind, message, {
    context: contextOf(operation, details),
    cause: causeOf(error, details),
  });
}

interface ErrorDetails {
  /** The error code of the store or the network, or the error's name. */
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Is the answer not one of S3, but a web page or another service's? */
  readonly malformed: boolean;
}

const SENTENCES: Readonly<Record<StorageErrorKind, string>> = {
  NotFound: 'There is no such object',
  AlreadyExists: 'Something else of that name is in the way',
  PreconditionFailed: 'The condition of the request does not hold',
  InvalidKey: 'The store cannot hold an object of that name',
  InvalidConfig: 'The connection to the store is not right',
  PermissionDenied: 'The store refuses the request',
  RangeNotSatisfiable: 'The range starts past the end of the object',
  RateLimited: 'The store asks for fewer requests',
  TooLarge: 'The object is larger than the store can hold',
  Aborted: 'The operation was aborted',
  Unsupported: 'The store has no such capability',
  Unavailable: 'The store cannot be reached or cannot answer now',
  NoSpace: 'The store is full',
  Unexpected: 'The store gave an unexpected answer',
};

const KINDS = new Map<string, StorageErrorKind>([
  ['NoSuchKey', 'NotFound'],
  ['NotFound', 'NotFound'],
  ['NoSuchVersion', 'NotFound'],
  ['NoSuchBucket', 'InvalidConfig'],
  ['InvalidBucketName', 'InvalidConfig'],
  ['PermanentRedirect', 'InvalidConfig'],
  ['TemporaryRedirect', 'InvalidConfig'],
  ['AuthorizationHeaderMalformed', 'InvalidConfig'],
  ['IllegalLocationConstraintException', 'InvalidConfig'],
  ['InvalidRegion', 'InvalidConfig'],
  ['AccessDenied', 'PermissionDenied'],
  ['AllAccessDisabled', 'PermissionDenied'],
  ['AccountProblem', 'PermissionDenied'],
  ['InvalidAccessKeyId', 'PermissionDenied'],
  ['SignatureDoesNotMatch', 'PermissionDenied'],
  ['InvalidToken', 'PermissionDenied'],
  ['ExpiredToken', 'PermissionDenied'],
  ['InvalidObjectState', 'PermissionDenied'],
  ['RequestTimeTooSkewed', 'PermissionDenied'],
  ['SlowDown', 'RateLimited'],
  ['SlowDownRead', 'RateLimited'],
  ['SlowDownWrite', 'RateLimited'],
  ['TooManyRequests', 'RateLimited'],
  ['TooManyRequestsException', 'RateLimited'],
  ['RequestLimitExceeded', 'RateLimited'],
  ['Throttling', 'RateLimited'],
  ['ThrottlingException', 'RateLimited'],
  ['RequestTimeout', 'Unavailable'],
  ['TimeoutError', 'Unavailable'],
  ['InternalError', 'Unavailable'],
  ['ServiceUnavailable', 'Unavailable'],
  ['OperationAborted', 'Unavailable'],
  ['EntityTooLarge', 'TooLarge'],
  ['InvalidRange', 'RangeNotSatisfiable'],
  ['KeyTooLongError', 'InvalidKey'],
  ['XMinioInvalidObjectName', 'InvalidKey'],
  ['XMinioInvalidResourceName', 'InvalidKey'],
  ['XMinioStorageFull', 'NoSpace'],
  ['XMinioQuotaExceeded', 'NoSpace'],
  ['XMinioAdminBucketQuotaExceeded', 'NoSpace'],
  ['QuotaExceeded', 'NoSpace'],
  ['InsufficientCapacity', 'NoSpace'],
  ['XMinioParentIsObject', 'AlreadyExists'],
  ['XMinioObjectExistsAsDirectory', 'AlreadyExists'],
  ['PreconditionFailed', 'PreconditionFailed'],
  ['ConditionalRequestConflict', 'PreconditionFailed'],
  ['NotImplemented', 'Unsupported'],
  ['AbortError', 'Aborted'],
]);

const STATUS_KINDS = new Map<number, StorageErrorKind>([
  [301, 'InvalidConfig'],
  [302, 'InvalidConfig'],
  [307, 'InvalidConfig'],
  [308, 'InvalidConfig'],
  [401, 'PermissionDenied'],
  [403, 'PermissionDenied'],
  [404, 'NotFound'],
  [408, 'Unavailable'],
  [412, 'PreconditionFailed'],
  [413, 'TooLarge'],
  [416, 'RangeNotSatisfiable'],
  [429, 'RateLimited'],
  [501, 'Unsupported'],
  [507, 'NoSpace'],
]);

/** Treats `NotFound` as `InvalidConfig` if it is not about an object: in operations without one, and in removals without its code. */
function kindIn(operation: string, details: ErrorDetails): StorageErrorKind {
  const kind = kindOf(details);
  const isAboutObject =
    operation === 'remove' ? details.code.startsWith('NoSuch') : !WITHOUT_OBJECT.includes(operation);
  return kind === 'NotFound' && !isAboutObject ? 'InvalidConfig' : kind;
}

const WITHOUT_OBJECT = ['put', 'list'];

/** Codes of sockets, name lookup, TLS and certificates. */
const NETWORK_CODE = /^(E[A-Z_]{2,}|ERR_(TLS|SSL)_\w+|HPE_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*)$/;

function kindOf({ code, message, status, malformed }: ErrorDetails): StorageErrorKind {
  if (malformed) return kindOfPage(status);
  const byCode = KINDS.get(code);
  if (byCode !== undefined) return byCode;
  if (code === 'XMinioInvalidDigest') return 'Unexpected';
  if (isWrongEndpoint(code, message)) return 'InvalidConfig';
  if (NETWORK_CODE.test(code)) return 'Unavailable';
  if (status === undefined) return 'Unexpected';
  return STATUS_KINDS.get(status) ?? (status >= 500 ? 'Unavailable' : 'Unexpected');
}

/** Returns the kind of an answer that is not S3's: from a proxy while the store is down, or from a server that is no store. */
function kindOfPage(status: number | undefined): StorageErrorKind {
  if (status === undefined || status >= 500) return 'Unavailable';
  const byStatus = STATUS_KINDS.get(status);
  return byStatus === 'Unavailable' || byStatus === 'RateLimited' ? byStatus : 'InvalidConfig';
}

function detailsOf(error: unknown): ErrorDetails {
  if (!types.isNativeError(error)) {
    return {
      code: 'Error',
      message: String(error),
      status: undefined,
      requestId: undefined,
      malformed: false,
    };
  }
  const metadata: unknown = field(error, '$metadata');
  const status = field(metadata, 'httpStatusCode');
  const requestId = field(metadata, 'requestId');
  const networkCode = field(error, 'code');
  return {
    code: typeof networkCode === 'string' && KINDS.get(error.name) === undefined ? networkCode : error.name,
    message: error.message,
    status: typeof status === 'number' ? status : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    malformed: error.message.includes('Deserialization error'),
  };
}

function field(value: unknown, name: string): unknown {
  // The cast is safe: it reads a property of unknown type from an object.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Error names that the SDK gives to an answer without a body, such as every answer to HEAD. */
const NAMELESS = /^(Unknown(Error)?|Error|\d{3}|NotFound|S3ServiceException)$/;

function reason({ code, message, status, malformed }: ErrorDetails): string {
  if (malformed) return `the answer${inStatus(status)} is not one of S3.`;
  if (NAMELESS.test(code) && status !== undefined) return `it answered with status ${String(status)}.`;
  const networkProblem = networkReason(code, message);
  if (networkProblem !== undefined) return networkProblem;
  const text = scrubbed(message.trim());
  if (text === '' || text === code || text === 'UnknownError') return `${code}${inStatus(status)}.`;
  return /[.!?]$/.test(text) ? `${code}: ${text}` : `${code}: ${text}.`;
}

function inStatus(status: number | undefined): string {
  return status === undefined ? '' : ` (status ${String(status)})`;
}

/** Removes signatures and credentials, because a store may repeat the request in its message. */
function scrubbed(message: string): string {
  return message
    .replace(/\b(X-Amz-)?(Signature|Credential|Security-Token|AWSAccessKeyId)=[^\s,&;"']+/gi, '$1$2=***')
    .replace(/[\r\n]+/g, ' ')
    .slice(0, 500);
}

function contextOf({ operation, key }: S3Operation, { status, requestId }: ErrorDetails): ErrorContext {
  return { operation, scheme: 's3', key, status, requestId };
}

/** Copies the error without the SDK's answer, in which a store may name the key and the signature. */
function causeOf(error: unknown, { code, message }: ErrorDetails): Error {
  const cause = new Error(scrubbed(message));
  cause.name = code;
  if (types.isNativeError(error) && error.stack !== undefined) {
    const frames = error.stack.indexOf('\n    at ');
    cause.stack = `${code}: ${cause.message}${frames < 0 ? '' : error.stack.slice(frames)}`;
  }
  return cause;
}
