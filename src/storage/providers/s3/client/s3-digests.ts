import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Dialect } from './s3-dialect.js';

const WRITES = ['PutObjectCommand', 'UploadPartCommand'];
/** Error codes of S3, MinIO, Ceph, OVH and Oracle. */
const DIGEST_CODES = ['MissingContentMD5', 'MissingDigest'];
const DIGEST_WORDS = /content-?md5|x-amz-checksum/i;
const CHECKSUM_HEADER = /^x-amz-(?:checksum-|sdk-checksum-)/;

/**
 * Sends `Content-MD5` where stores require it: with every DeleteObjects, for which some stores know no newer checksum, and with
 * every write after the store has refused one without a digest.
 */
export function sendDigests(client: S3Client, dialect: S3Dialect): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const sentDigest = dialect.writesWantDigest;
        try {
          return await next(args);
        } catch (error) {
          if (!WRITES.includes(commandName) || sentDigest || !wantsDigest(error)) throw error;
          dialect.writesWantDigest = true;
          return next(args); // the body is a buffer and can be sent again
        }
      },
    { step: 'initialize', priority: 'low', name: 'learnDigests' },
  );
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        const isWanted = dialect.writesWantDigest && WRITES.includes(commandName);
        if ((isWanted || commandName === 'DeleteObjectsCommand') && isRequest(args.request)) {
          addMd5(args.request);
        }
        return next(args);
      },
    { step: 'build', priority: 'low', name: 'sendContentMd5' },
  );
}

/** Has the store refused a write for lack of a digest? */
export function wantsDigest(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (DIGEST_CODES.includes(error.name)) return true;
  return /^Invalid(?:Request|Argument)$/.test(error.name) && DIGEST_WORDS.test(error.message);
}

export function contentMd5(bytes: string | Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

interface RequestWithText {
  headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

function addMd5(request: RequestWithText): void {
  const others = Object.entries(request.headers).filter(
    ([name]) => !CHECKSUM_HEADER.test(name.toLowerCase()),
  );
  request.headers = { ...Object.fromEntries(others), 'content-md5': contentMd5(request.body) };
}

function isRequest(request: unknown): request is RequestWithText {
  if (typeof request !== 'object' || request === null) return false;
  if (!('headers' in request) || !('body' in request)) return false;
  return typeof request.body === 'string' || request.body instanceof Uint8Array;
}
