import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '../../../../src/storage/providers/s3/client/s3-signature.js';
import type { PermissiveS3 } from '../../../support/permissive-s3/permissive-s3.mjs';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** A character for each byte. */
  readonly text: string;
}

export interface RawRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly agent?: Agent;
}

const ignore = (): void => undefined;
/** The SDK says on the console what it will not repeat. */
const logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** As an application would have it; its errors have S3's codes for names. */
export function sdkClient(
  s3: PermissiveS3,
  options: ConstructorParameters<typeof S3Client>[0] = {},
): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = s3;
  const credentials = { accessKeyId, secretAccessKey };
  return new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    logger,
    ...options,
  });
}

/** Sends a request as it is written, signed by nobody. */
export async function unsigned(
  s3: PermissiveS3,
  method: string,
  path: string,
  { headers = {}, body, agent }: RawRequest = {},
): Promise<Answer> {
  const { hostname, port } = new URL(s3.endpoint);
  const length =
    body === undefined && method !== 'PUT' ? {} : { 'content-length': String(body?.length ?? 0) };
  const outgoing = request({ method, hostname, port, path, headers: { ...length, ...headers }, agent });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]; // as Node has it
  const bytes = await buffer(answer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: bytes.toString('latin1') };
}

/** The same, of a path without a query, signed by the service's own signer. */
export function signed(
  s3: PermissiveS3,
  method: string,
  path: string,
  { headers = {}, ...rest }: RawRequest = {},
): Promise<Answer> {
  const signature = new SignatureV4(s3, s3.region);
  const all = signature.sign(method, path, { host: new URL(s3.endpoint).host, ...headers });
  return unsigned(s3, method, path, { ...rest, headers: all });
}

/** The path of an object, each of its bytes escaped but slashes and what RFC 3986 leaves alone. */
export function pathOf(s3: PermissiveS3, key: Buffer): string {
  const escaped = [...key].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.~/-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  });
  return `/${s3.bucket}/${escaped.join('')}`;
}
