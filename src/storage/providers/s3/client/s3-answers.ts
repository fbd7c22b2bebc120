import type { S3Client } from '@aws-sdk/client-s3';
import { StorageError, type StorageErrorKind } from '../../../contract/storage-error.js';

/** The root element of a complete answer with status 2xx. */
const ELEMENTS = new Map([
  ['ListObjectsV2Command', 'ListBucketResult'],
  ['DeleteObjectsCommand', 'DeleteResult'],
  ['CreateMultipartUploadCommand', 'InitiateMultipartUploadResult'],
  ['CompleteMultipartUploadCommand', 'CompleteMultipartUploadResult'],
  ['ListPartsCommand', 'ListPartsResult'],
  ['ListMultipartUploadsCommand', 'ListMultipartUploadsResult'],
]);
const WRITES = ['PutObjectCommand', 'UploadPartCommand'];
/** A thousand escaped keys of a kilobyte each are far below. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const HEAD_BYTES = 2048;
const TAIL_BYTES = 64;

/**
 * Refuses answers that do not belong to the request: the SDK takes a web page, or an empty body, for an empty listing or a
 * successful removal. The SDK itself handles a failure within status 200.
 */
export function checkAnswers(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args);
        const { response } = result;
        if (!isAnswer(response) || response.statusCode < 200 || response.statusCode >= 300) return result;
        if (commandName === 'DeleteObjectCommand') assertRemovalAnswer(response);
        if (WRITES.includes(commandName)) assertWriteAnswer(response);
        const element = ELEMENTS.get(commandName);
        if (element === undefined) return result;
        const bytes = await wholeAnswer(response.body);
        response.body = bytes;
        assertElement(element, bytes);
        return result;
      },
    { step: 'deserialize', priority: 'low', name: 'checkAnswers' },
  );
}

export interface AnswerWithBody {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  body: AsyncIterable<Buffer> | Buffer;
}

export function isAnswer(response: unknown): response is AnswerWithBody {
  return (
    typeof response === 'object' &&
    response !== null &&
    'statusCode' in response &&
    typeof response.statusCode === 'number' &&
    'headers' in response &&
    typeof response.headers === 'object' &&
    'body' in response
  );
}

/** Reads a whole answer. @throws StorageError of kind `Unexpected` if it is longer than any answer of S3. */
export async function wholeAnswer(body: AnswerWithBody['body']): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw invalidAnswer('Unexpected', 'is longer than any answer of S3');
  }
  return Buffer.concat(chunks);
}

/** Is the body empty, as in an answer to a write? A web page may have an ETag too. */
export function isWithoutBody(headers: Readonly<Record<string, unknown>>): boolean {
  const { 'content-length': length = '0', 'content-type': type = '' } = headers;
  return String(length) === '0' && !/^(?:text\/html|application\/json)\b/i.test(String(type));
}

function assertElement(element: string, bytes: Buffer): void {
  const head = bytes
    .toString('latin1', 0, HEAD_BYTES)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  const [, root] = /^(?:<\?xml[^>]*\?>\s*)?<([A-Za-z:]+)[\s/>]/.exec(head) ?? [];
  if (root === 'Error') return;
  if (root !== element) throw head === '' ? invalidAnswer('Unexpected', 'is empty') : notS3(element);
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - TAIL_BYTES)).trimEnd();
  const isEmptyElement = /^(?:<\?xml[^>]*\?>\s*)?<[A-Za-z]+(?:\s[^<>]*)?\/>$/.test(head.trimEnd());
  if (!tail.endsWith(`</${element}>`) && !isEmptyElement) throw invalidAnswer('Unexpected', 'is cut off');
}

/** Checks the status of a removal: S3 has only this one, other servers have others. */
function assertRemovalAnswer({ statusCode }: AnswerWithBody): void {
  if (statusCode === 204) return;
  throw invalidAnswer(
    'InvalidConfig',
    `to a removal has status ${String(statusCode)}, which no S3 gives: ${CHECK_ENDPOINT}`,
  );
}

function assertWriteAnswer({ statusCode, headers }: AnswerWithBody): void {
  if (statusCode === 200 && isWithoutBody(headers)) return;
  throw invalidAnswer(
    'InvalidConfig',
    `to a write has status ${String(statusCode)} or a body, as no S3 sends it: ${CHECK_ENDPOINT}`,
  );
}

function notS3(element: string): StorageError {
  return invalidAnswer('InvalidConfig', `is no ${element}: ${CHECK_ENDPOINT}`);
}

const CHECK_ENDPOINT = 'a web page or another service answers there, see endpoint_url';

function invalidAnswer(kind: StorageErrorKind, what: string): StorageError {
  return new StorageError(kind, `The store's answer ${what}.`, { context: { scheme: 's3' } });
}
