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
  /** The query as sent: pairs in order, with escapes. */
  readonly query?: string | undefined;
  /** The body of a PUT. */
  readonly bytes?: Buffer | undefined;
  readonly contentType?: string | undefined;
  /** The md5 of the bytes in hex, if it is known. */
  readonly md5?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** The short body of a GET. */
  readonly text: string;
}

interface PlainParts {
  readonly software: S3Software;
  readonly dialect: S3Dialect;
  readonly network: S3Network;
}

/**
 * Sends signed requests without the SDK, each once, over kept-alive connections. The SDK costs several times as much CPU as the rest
 * of a small upload. For every unusual answer the caller repeats the request by the SDK, which retries, follows redirects and
 * knows the store's errors.
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
   * Sends a request. Settles when nothing reads the bytes any more.
   *
   * @returns undefined without a complete answer to the complete request.
   * @throws the connection's error if no time is left for another attempt.
   */
  async send(plain: PlainRequest): Promise<PlainAnswer | undefined> {
    const startedAt = performance.now();
    const request = this.#request(plain);
    try {
      request.end(plain.bytes);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]; // as Node emits it
      trackBody(response);
      this.#parts.software.learnFrom(response.headers);
      const text = await textOf(response, plain.method);
      if (!request.writableFinished) return undefined;
      return { status: response.statusCode ?? 0, headers: response.headers, text };
    } catch (error) {
      // Another attempt would exceed the time limit of all attempts.
      if (performance.now() - startedAt >= this.#parts.network.timing.retryMs) throw error;
      return undefined;
    } finally {
      // An answer may arrive before the body is sent, and the socket would continue to read the bytes.
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
    // The socket may still fail after the request has settled.
    request.on('error', () => undefined);
    return request;
  }
}

function md5Header(bytes: Buffer, md5: string | undefined): string {
  return md5 === undefined ? contentMd5(bytes) : Buffer.from(md5, 'hex').toString('base64');
}

/** Reads an answer to its end, also an unused one, so that its connection is kept alive. */
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

/** Returns the region that an endpoint requires in signatures, if it declares one. */
function signingRegion(properties: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const schemes = properties?.['authSchemes'];
  const [scheme] = Array.isArray(schemes) ? (schemes as unknown[]) : [];
  const isScheme = typeof scheme === 'object' && scheme !== null && 'signingRegion' in scheme;
  return isScheme && typeof scheme.signingRegion === 'string' ? scheme.signingRegion : undefined;
}
