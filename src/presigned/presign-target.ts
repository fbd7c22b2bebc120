import { stageFileKey, stageFileName, withoutExtraSlashes } from '../stages/files/stage-path.js';
import type { ListedKey } from '../storage/contract/listed-key.js';
import type { ObjectKey } from '../storage/contract/object-key.js';
import type { StorageCapabilities } from '../storage/contract/storage-provider.js';
import { PresignedUrlError } from './presigned-error.js';

export type PresignedMethod = 'GET' | 'PUT';

/** A client's request for a presigned URL. */
export interface PresignTarget {
  readonly method: PresignedMethod;
  readonly path: string;
  /** For GET: try the path without doubled slashes if no file has the exact name. Stock clients double slashes. */
  readonly collapsesSlashes?: boolean | undefined;
  readonly expiresInSeconds?: number | undefined;
  /** For PUT: the Content-Type that the upload must declare. */
  readonly contentType?: string | undefined;
  /** For PUT. */
  readonly maxBytes?: number | undefined;
}

export type ResolvedTarget =
  | {
      readonly method: 'GET';
      readonly name: ListedKey;
      /** Used if no file has that name. */
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
/** Seven days, the limit of S3. */
const MAX_EXPIRY_SECONDS = 604_800;
const MAX_CONTENT_TYPE_LENGTH = 255;

/**
 * Validates a target and resolves its path. Ignores content type and size for a download.
 *
 * @throws PresignedUrlError, or StorageError of kind `InvalidKey`, that says what to change.
 */
export function resolveTarget(target: PresignTarget, capabilities: StorageCapabilities): ResolvedTarget {
  const { method, path, expiresInSeconds = DEFAULT_EXPIRY_SECONDS, contentType, maxBytes } = target;
  assertExpiry(expiresInSeconds);
  if (method === 'GET') {
    const collapsedPath = target.collapsesSlashes === true ? withoutExtraSlashes(path) : path;
    const differs = collapsedPath !== path && collapsedPath !== '';
    const otherwise = differs ? stageFileName(collapsedPath, capabilities) : undefined;
    return { method, name: stageFileName(path, capabilities), otherwise, expiresInSeconds };
  }
  assertContentType(contentType);
  assertMaxBytes(maxBytes);
  return { method, key: stageFileKey('', path), expiresInSeconds, contentType, maxBytes };
}

function assertExpiry(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRY_SECONDS) return;
  throw new PresignedUrlError(
    'InvalidExpiry',
    `A presigned URL may be valid for 1 second to 7 days (${String(MAX_EXPIRY_SECONDS)} seconds), ` +
      `not for ${String(seconds)} seconds.`,
  );
}

function assertContentType(text: string | undefined): void {
  if (text === undefined) return;
  const isMediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *;[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  if (isMediaType && text.length <= MAX_CONTENT_TYPE_LENGTH && !/^multipart\//i.test(text)) return;
  throw new PresignedUrlError(
    'InvalidContentType',
    'The content type of a presigned upload must be one that a header can hold, as in text/csv, and no form.',
  );
}

function assertMaxBytes(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)) return;
  throw new PresignedUrlError('InvalidMaxBytes', 'The maximum size must be a whole number of bytes.');
}
