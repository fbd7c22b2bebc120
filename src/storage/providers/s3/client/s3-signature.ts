import { createHmac, hash } from 'node:crypto';
import type { S3Settings } from '../connection/s3-settings.js';

export type SignedHeaders = Readonly<Record<string, string>>;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Signs requests for S3 without a digest of the payload (AWS Signature Version 4, headers). */
export class SignatureV4 {
  readonly #credentials: S3Settings['credentials'];
  readonly #region: string;

  constructor(credentials: S3Settings['credentials'], region: string) {
    this.#credentials = credentials;
    this.#region = region;
  }

  /**
   * @param path the path as sent, with escapes.
   * @param headers headers with names in lower case, including `host`.
   * @param query the query as sent: pairs in order, with escapes.
   * @returns these headers, and those of the signature if there are keys to sign with.
   */
  sign(method: string, path: string, headers: SignedHeaders, query = ''): SignedHeaders {
    const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
    if (this.#credentials === null) return headers;
    const { accessKeyId, secretAccessKey, sessionToken } = this.#credentials;
    const all: SignedHeaders = {
      ...headers,
      'x-amz-content-sha256': PAYLOAD,
      'x-amz-date': time,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(all).sort();
    const lines = names.map((name) => `${name}:${(all[name] ?? '').trim().replace(/ {2,}/g, ' ')}\n`);
    const signed = names.join(';');
    const request = [method, path, query, lines.join(''), signed, PAYLOAD].join('\n');
    const scope = `${time.slice(0, 8)}/${this.#region}/s3/aws4_request`;
    const digest = hash('sha256', request, 'hex');
    const signature = hmac(
      this.#keyOf(time.slice(0, 8), secretAccessKey),
      [ALGORITHM, time, scope, digest].join('\n'),
    ).toString('hex');
    const authorization = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
    return { ...all, authorization };
  }

  #keyOf(day: string, secret: string): Buffer {
    return [day, this.#region, 's3', 'aws4_request'].reduce<Buffer>(
      (key, part) => hmac(key, part),
      Buffer.from(`AWS4${secret}`),
    );
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
