import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { finished } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from '../connection/s3-settings.js';
import type { S3Dialect } from './s3-dialect.js';
import { contentMd5 } from './s3-digests.js';
import { requestAgent } from './s3-http.js';
import { withKeyBytes } from './s3-key-bytes.js';
import { encodedKey } from './s3-key-encoding.js';
import { type SignedHeaders, SignatureV4 } from './s3-signature.js';
import type { S3Software } from './s3-software.js';
import { trackBody } from './s3-timed-agents.js';
import type { S3Network } from './s3-network.js';

export interface PlainRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** Empty for the bucket itself. */
  readonly key: string;
  /** As it is sent: its pairs in order, escapes included. */
  readonly query?: string | undefined;
  /** For PUT. */
  readonly bytes?: Buffer | undefined;
  readonly contentType?: string | undefined;
  /** Of the bytes, in hex, where it is known. */
  readonly md5?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Of GET; a short one. */
  readonly text: string;
}

interface PlainParts {
  readonly software: S3Software;
  readonly dialect: S3Dialect;
  readonly network: S3Network;
}

/**
 * Signed requests over kept connections, each sent once. The SDK's machinery costs several times as much CPU as all else of a
 * small upload. Whatever is not a plain answer is left to the SDK, which tries again, follows redirects and knows the words
 * of the store.
 */
export class S3PlainRequests {
  readonly #root: URL;
  readonly #parts: PlainParts;
  readonly #signature: SignatureV4;

  constructor(client: S3Client, settings: S3Settings, parts: PlainParts) {
    const { url, properties } = client.config.endpointProvider({
      Bucket: settings.bucket,
      Region: settings.region,
      ForcePathStyle: !settings.virtualHostStyle,
      UseFIPS: false,
      UseDualStack: false,
      ...(settings.endpoint === null ? {} : { Endpoint: settings.endpoint }),
    });
    this.#root = url;
    this.#parts = parts;
    this.#signature = new SignatureV4(settings.credentials, signingRegion(properties) ?? settings.region);
  }

  /**
   * Undefined where there is no whole answer to the whole request; rejects where no time is left for another attempt. Settles
   * when nothing reads from the bytes any more.
   */
  async send(plain: PlainRequest): Promise<PlainAnswer | undefined> {
    const startedAt = performance.now();
    const request = this.#request(plain);
    try {
      request.end(plain.bytes);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]; // as Node has it
      trackBody(response);
      this.#parts.software.learnFrom(response.headers);
      const text = await textOf(response, plain.method);
      if (!request.writableFinished) return undefined;
      return { status: response.statusCode ?? 0, headers: response.headers, text };
    } catch (error) {
      // Another attempt would pass the bound of all of them.
      if (performance.now() - startedAt >= this.#parts.network.timing.retryMs) throw error;
      return undefined;
    } finally {
      // An answer may come before the body is sent, and the socket would read on.
      if (!request.writableFinished) request.destroy();
    }
  }

  #request({ method, key, query, bytes, contentType, md5, signal }: PlainRequest): http.ClientRequest {
    const { dialect, network } = this.#parts;
    const digest = bytes !== undefined && dialect.writesWantDigest ? md5Header(bytes, md5) : undefined;
    const { protocol, host, hostname, port } = this.#root;
    const path = `${this.#root.pathname.replace(/\/$/, '')}/${withKeyBytes(encodedKey(key))}`;
    const headers: SignedHeaders = {
      host,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(digest === undefined ? {} : { 'content-md5': digest }),
    };
    const signed = this.#signature.sign(method, path, headers, query);
    const request = (protocol === 'https:' ? https : http).request({
      agent: requestAgent(protocol, network),
      method,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: query === undefined ? path : `${path}?${query}`,
      headers: bytes === undefined ? signed : { ...signed, 'content-length': bytes.byteLength },
      ...(signal === undefined ? {} : { signal }),
    });
    // After it has settled, a socket may still fail.
    request.on('error', () => undefined);
    return request;
  }
}

function md5Header(bytes: Buffer, md5: string | undefined): string {
  return md5 === undefined ? contentMd5(bytes) : Buffer.from(md5, 'hex').toString('base64');
}

/** An answer that nobody has use for is read to its end all the same: its connection is kept. */
async function textOf(response: http.IncomingMessage, method: string): Promise<string> {
  if (method !== 'GET') {
    response.resume();
    await finished(response);
    return '';
  }
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response) text += String(piece);
  return text;
}

/** Which region an endpoint wants in signatures, where it says so. */
function signingRegion(properties: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const schemes = properties?.['authSchemes'];
  const [scheme] = Array.isArray(schemes) ? (schemes as unknown[]) : [];
  const isScheme = typeof scheme === 'object' && scheme !== null && 'signingRegion' in scheme;
  return isScheme && typeof scheme.signingRegion === 'string' ? scheme.signingRegion : undefined;
}
