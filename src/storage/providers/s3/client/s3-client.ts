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
import { isOn } from '../../../../config/shortcuts.js';
import { trackBody } from './s3-timed-agents.js';

interface ClientParts {
  readonly handler: NodeHttpHandler;
  readonly timing: S3Timing;
  readonly dialect: S3Dialect;
}

/**
 * Creates a client that uses the connection only: it reads no credentials, region or endpoint from the environment or the profile
 * of the server's own account. Do not destroy it, because its sockets are shared.
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
    // Otherwise each part would wait for `100 Continue` before it is sent.
    expectContinueHeader: false,
    // The following options only keep the SDK from reading the environment and the profile.
    ignoreConfiguredEndpointUrls: true,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: [],
    disableS3ExpressSessionAuth: false,
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  });
  if (isOn('unsigned-payloads')) leavePayloadUnsigned(client);
  if (isOn('s3-listing-entries')) readListingEntries(client);
  checkAnswers(client);
  stopUnreadUploads(client); // closest to the socket, so that it sees answers that the others refuse
  sendDigests(client, dialect);
  boundRetries(client, timing);
  sendKeyBytes(client, settings);
  return client;
}

/** Gives dummy credentials and an empty signer for a public bucket: without credentials the SDK would look for the server's own. */
function signing({ credentials }: S3Settings): Pick<S3ClientConfig, 'credentials' | 'signer'> {
  if (credentials !== null) return { credentials };
  const none = { accessKeyId: 'none', secretAccessKey: 'none' };
  return { credentials: none, signer: { sign: (request) => Promise.resolve(request) } };
}

/** Sets the payload hash header, which the SDK keeps. Over plain http it would compute the sha256 of every body, on the main thread. */
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
 * Destroys a settled request that has not sent its whole body. A store may answer early, and the socket would continue to read a
 * buffer that another upload reuses.
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
    { step: 'deserialize', priority: 'low', name: 'trackAnswers' },
  );
}

function bodyOf(response: unknown): IncomingMessage | undefined {
  if (typeof response !== 'object' || response === null || !('body' in response)) return undefined;
  return response.body instanceof IncomingMessage ? response.body : undefined;
}

/** Node sets `req` on every response of a client, and does not declare it. */
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
