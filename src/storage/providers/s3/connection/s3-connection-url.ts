import { isTraversal } from '../../../contract/object-key.js';
import type { StorageUrl } from '../../../contract/storage-url.js';

/** S3's rule for the names of new buckets. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const ROOM_FOR_KEYS_BYTES = 512;

export interface ReadUrl {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly rootPrefix: string;
  readonly problems: readonly string[];
}

/** Reads `s3://bucket/prefix/`. The path is literal: a prefix may contain `%`, `?` and `#`. */
export function readConnectionUrl({ authority: bucket, path }: StorageUrl): ReadUrl {
  const problems = [validateBucket(bucket), validatePath(path)].filter((each) => each !== undefined);
  return { bucket, rootPrefix: path.slice(1), problems };
}

function validateBucket(bucket: string): string | undefined {
  if (bucket === '') return "The URL names no bucket: write it as in 's3://bucket/prefix/'.";
  if (bucket.includes(':')) return 'Only a bucket may stand between s3:// and the next slash.';
  const isName = BUCKET.test(bucket) && !IP_ADDRESS.test(bucket) && !/\.\.|\.-|-\./.test(bucket);
  return isName ? undefined : `${JSON.stringify(bucket)} is not a name that S3 allows for a bucket.`;
}

function validatePath(path: string): string | undefined {
  if (!path.endsWith('/')) return `path in URL must end with '/' when CREATE STAGE. Got '${path}'`;
  if (path === '/') return undefined;
  if (/\p{Cc}/u.test(path) || !path.isWellFormed())
    return 'The path of the URL may not hold control characters.';
  const components = path.slice(1, -1).split('/');
  if (components.includes('')) return 'The path of the URL may not hold empty components.';
  if (components.some(isTraversal)) return "The path of the URL may not hold '.' or '..' components.";
  if (Buffer.byteLength(path) > ROOM_FOR_KEYS_BYTES) {
    return `The path of the URL may have at most ${String(ROOM_FOR_KEYS_BYTES)} bytes.`;
  }
  return undefined;
}
