import { type ClientRequest, IncomingMessage } from 'node:http';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { readListingEntries } from '../read/s3-listing-middleware.js';
import { checkAnswers } from './s3-answers.js';
import type { S3Settings } from '../connection/s3-settings.js';
import type { S3Dialect } from './s3-dialect.js';
import { sendDigests } from './s3-digests.js';
import { boundRetries } from './s3-retries.js';
import type { S3Timing } from './s3-timing.js';
import { sendKeyBytes } from './s3-key-bytes.js';
import { trackBody } from './s3-timed-agents.js';

interface ClientParts {
  readonly handler: NodeHttpHandler;
  readonly timing: S3Timing;
  readonly dialect: S3Dialect;
}

/**
 * A client that knows the connection alone: neither the environment nor the profile of the server's own account is
 * asked for credentials, region or endpoint. It is not to be destroyed, its sockets are shared.
 */
export function s3Client(settings: S3Settings, { handler, timing, dialect }: ClientParts): S3Client {
  const client = new S3Client({
    requestHandler: handler,
    region: settings.region,
    ...signing(settings),
    forcePathStyle: !settings.virtualHostStyle,
    ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
    followRegionRedirects: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    // Each part would wait for the store's leave before it is sent.
    expectContinueHeader: false,
    // What follows is said only because the SDK would look in the environment and in the profile otherwise.
    ignoreConfiguredEndpointUrls: true,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: [],
    disableS3ExpressSessionAuth: false,
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  });
  leavePayloadUnsigned(client);
  readListingEntries(client);
  checkAnswers(client);
  stopUnreadUploads(client); // the last one is next to the socket: it sees what the others refuse
  sendDigests(client, dialect);
  boundRetries(client, timing);
  sendKeyBytes(client, settings);
  return client;
}

/** Without any credentials the SDK would look for the server's own: it gets some, and nothing to sign with. */
function signing({ credentials }: S3Settings): Pick<S3ClientConfig, 'credentials' | 'signer'> {
  if (credentials !== null) return { credentials };
  const none = { accessKeyId: 'none', secretAccessKey: 'none' };
  return { credentials: none, signer: { sign: (request) => Promise.resolve(request) } };
}

/** Over plain http the SDK takes the sha256 of every body, on the main thread. It keeps a header that is there. */
function leavePayloadUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const { commandName } = context;
      const isUpload = commandName === 'PutObjectCommand' || commandName === 'UploadPartCommand';
      if (isUpload && hasBody(args.request)) {
        args.request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      }
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'leavePayloadUnsigned' },
  );
}

/**
 * A store may answer before it has the whole body, and the socket would go on reading from a buffer that is about to
 * hold another upload's bytes. With this an attempt that has settled reads no more.
 */
function stopUnreadUploads(client: S3Client): void {
  const answered = new WeakMap<object, ClientRequest>();
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } finally {
        const sent = hasBody(args.request) ? answered.get(args.request) : undefined;
        if (sent?.writableFinished === false) sent.destroy();
      }
    },
    { step: 'deserialize', priority: 'high', name: 'stopUnreadUploads' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const body = bodyOf(result.response);
      if (body === undefined) return result;
      trackBody(body);
      if (hasBody(args.request)) answered.set(args.request, requestOf(body));
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'noteAnswers' },
  );
}

function bodyOf(response: unknown): IncomingMessage | undefined {
  if (typeof response !== 'object' || response === null || !('body' in response)) return undefined;
  return response.body instanceof IncomingMessage ? response.body : undefined;
}

/** Node sets `req` on every answer that a client gets, and does not declare it. */
function requestOf(body: IncomingMessage): ClientRequest {
  return (body as IncomingMessage & { readonly req: ClientRequest }).req;
}

interface RequestWithBody {
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function hasBody(request: unknown): request is RequestWithBody {
  return (
    typeof request === 'object' &&
    request !== null &&
    'headers' in request &&
    'body' in request &&
    request.body !== undefined
  );
}
