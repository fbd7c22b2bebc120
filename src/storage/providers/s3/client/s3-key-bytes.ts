import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from '../connection/s3-settings.js';
import { encodedText } from './s3-key-encoding.js';
import { SignatureV4 } from './s3-signature.js';

const ESCAPED = /%EF%B7%90[\dA-F]{2}/;

/** Sends escaped bytes of keys as these bytes, because the SDK takes keys as text. */
export function sendKeyBytes(client: S3Client, { credentials }: Pick<S3Settings, 'credentials'>): void {
  client.middlewareStack.add(
    (next) => (args) => {
      if (isRequest(args.request) && ESCAPED.test(args.request.path)) {
        args.request.path = withKeyBytes(args.request.path);
      }
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'sendPathBytes' },
  );
  client.middlewareStack.add(
    (next) => (args) => {
      if (isRequest(args.request)) signQueryBytes(args.request, credentials);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'sendQueryBytes' },
  );
}

/** Replaces escaped bytes in a path or query that is percent-encoded already. */
export function withKeyBytes(encoded: string): string {
  return encoded.replace(/%EF%B7%90([\dA-F]{2})/g, '%$1');
}

interface SignedRequest {
  readonly method: string;
  path: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
}

function isRequest(request: unknown): request is SignedRequest {
  return typeof request === 'object' && request !== null && 'path' in request && 'query' in request;
}

/** Signs a query with escaped bytes again and moves it into the path, because the SDK signs and sends query values as text. */
function signQueryBytes(request: SignedRequest, credentials: S3Settings['credentials']): void {
  const pairs = Object.entries(request.query).map(
    ([name, value]) => `${encodedText(name)}=${encodedText(typeof value === 'string' ? value : '')}`,
  );
  const encoded = pairs.sort().join('&');
  if (!ESCAPED.test(encoded)) return;
  const { authorization = '', ...headers } = request.headers;
  const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? '';
  const signed = Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name === 'host' || /^x-amz-(?!content|date|security)/.test(name),
    ),
  );
  const query = withKeyBytes(encoded);
  const signature = new SignatureV4(credentials, region).sign(request.method, request.path, signed, query);
  request.headers = { ...headers, ...signature };
  request.path = `${request.path}?${query}`;
  request.query = {};
}
