import { stageFileKey, stageFileName, withoutExtraSlashes } from '../stages/files/stage-path.js';
import type { ListedKey } from '../storage/contract/listed-key.js';
import type { ObjectKey } from '../storage/contract/object-key.js';
import type { StorageCapabilities } from '../storage/contract/storage-provider.js';
import { PresignedUrlError } from './presigned-error.js';

export type PresignedMethod = 'GET' | 'PUT';

/** What a presigned URL shall be good for, as a client asks for it. */
export interface PresignTarget {
  readonly method: PresignedMethod;
  readonly path: string;
  /** For GET: does the path without extra slashes serve where nothing is there under its own name? Stock clients double them. */
  readonly collapses?: boolean | undefined;
  readonly expiresInSeconds?: number | undefined;
  /** For PUT: what the upload must declare. */
  readonly contentType?: string | undefined;
  /** For PUT. */
  readonly maxBytes?: number | undefined;
}

export type CheckedTarget =
  | {
      readonly method: 'GET';
      readonly name: ListedKey;
      /** Meant where there is no file of that name. */
      readonly otherwise: ListedKey | undefined;
      readonly expiresInSeconds: number;
    }
  | {
      readonly method: 'PUT';
      readonly key: ObjectKey;
      readonly expiresInSeconds: number;
      readonly contentType: string | undefined;
      readonly maxBytes: number | undefined;
    };

const DEFAULT_EXPIRY_SECONDS = 3600;
/** Seven days, as S3 has it. */
const MAX_EXPIRY_SECONDS = 604_800;
const MAX_CONTENT_TYPE_LENGTH = 255;

/**
 * What a target means. Content type and size are nothing to a download.
 *
 * @throws PresignedUrlError, or StorageError of kind `InvalidKey`, that says what to change.
 */
export function checkedTarget(target: PresignTarget, capabilities: StorageCapabilities): CheckedTarget {
  const { method, path, expiresInSeconds = DEFAULT_EXPIRY_SECONDS, contentType, maxBytes } = target;
  checkExpiry(expiresInSeconds);
  if (method === 'GET') {
    const collapsed = target.collapses === true ? withoutExtraSlashes(path) : path;
    const isOther = collapsed !== path && collapsed !== '';
    const otherwise = isOther ? stageFileName(collapsed, capabilities) : undefined;
    return { method, name: stageFileName(path, capabilities), otherwise, expiresInSeconds };
  }
  checkContentType(contentType);
  checkMaxBytes(maxBytes);
  return { method, key: stageFileKey('', path), expiresInSeconds, contentType, maxBytes };
}

function checkExpiry(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRY_SECONDS) return;
  throw new PresignedUrlError(
    'InvalidExpiry',
    `A presigned URL may be valid for 1 second to 7 days (${String(MAX_EXPIRY_SECONDS)} seconds), ` +
      `not for ${String(seconds)} seconds.`,
  );
}

function checkContentType(text: string | undefined): void {
  if (text === undefined) return;
  const isOne = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  if (isOne && text.length <= MAX_CONTENT_TYPE_LENGTH && !/^multipart\//i.test(text)) return;
  throw new PresignedUrlError(
    'InvalidContentType',
    'The content type of a presigned upload must be one that a header can hold, as in text/csv, and no form.',
  );
}

function checkMaxBytes(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)) return;
  throw new PresignedUrlError('InvalidMaxBytes', 'The maximum size must be a whole number of bytes.');
}
