import * as http from 'node:http';
import * as https from 'node:https';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { INACTIVITY_TIMEOUT_MILLISECONDS, requestAgent } from '../client/s3-http.js';
import type { S3Settings } from '../connection/s3-settings.js';
import { withKeyBytes } from '../client/s3-key-bytes.js';
import { encodedKey } from '../client/s3-key-encoding.js';
import { type SignedHeaders, SignatureV4 } from '../client/s3-signature.js';
import type { S3Software } from '../client/s3-software.js';
import type { S3Store } from '../client/s3-store.js';

export interface PlainObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

/**
 * PutObject as one signed request over a kept connection. The SDK's machinery costs several times as much CPU as all else of a
 * small upload. Whatever is not a plain success is left to the SDK, which tries again, follows redirects and knows the words
 * of the store.
 */
export class S3PlainPut {
  readonly #root: URL;
  readonly #software: S3Software;
  readonly #signature: SignatureV4;

  constructor({ client, bucket, software }: S3Store, settings: S3Settings) {
    const { url, properties } = client.config.endpointProvider({
      Bucket: bucket,
      Region: settings.region,
      ForcePathStyle: !settings.virtualHostStyle,
      UseFIPS: false,
      UseDualStack: false,
      ...(settings.endpoint === null ? {} : { Endpoint: settings.endpoint }),
    });
    this.#root = url;
    this.#software = software;
    this.#signature = new SignatureV4(settings.credentials, signingRegion(properties) ?? settings.region);
  }

  /** The object's ETag where it was stored at the first attempt. Settles when nothing reads from the bytes any more. */
  async send(object: PlainObject): Promise<string | undefined> {
    const request = this.#request(object);
    try {
      request.end(object.bytes);
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]; // as Node has it
      this.#software.told(response.headers['server']);
      response.resume();
      await finished(response);
      const isStored = response.statusCode === 200 && request.writableFinished;
      return isStored ? response.headers.etag : undefined;
    } catch {
      return undefined;
    } finally {
      // An answer may come before the body is sent, and the socket would read on.
      if (!request.writableFinished) request.destroy();
    }
  }

  #request({ key, bytes, contentType }: PlainObject): http.ClientRequest {
    const { protocol, host, hostname, port } = this.#root;
    const path = `${this.#root.pathname.replace(/\/$/, '')}/${withKeyBytes(encodedKey(key))}`;
    const headers: SignedHeaders = {
      host,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    };
    const request = (protocol === 'https:' ? https : http).request({
      agent: requestAgent(protocol),
      method: 'PUT',
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path,
      headers: { ...this.#signature.sign('PUT', path, headers), 'content-length': bytes.byteLength },
      timeout: INACTIVITY_TIMEOUT_MILLISECONDS,
    });
    request.once('timeout', () => request.destroy());
    // After it has settled, a socket may still fail.
    request.on('error', () => undefined);
    return request;
  }
}

/** Which region an endpoint wants in signatures, where it says so. */
function signingRegion(properties: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const schemes = properties?.['authSchemes'];
  const [scheme] = Array.isArray(schemes) ? (schemes as unknown[]) : [];
  const isScheme = typeof scheme === 'object' && scheme !== null && 'signingRegion' in scheme;
  return isScheme && typeof scheme.signingRegion === 'string' ? scheme.signingRegion : undefined;
}
