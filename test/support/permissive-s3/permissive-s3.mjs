import { once } from 'node:events';
import { createServer } from 'node:http';

import { BUCKET_OPERATIONS, WITHOUT_BUCKET } from './bucket-operations.mjs';
import { ByteStore } from './byte-store.mjs';
import { LISTING_OPERATIONS } from './listing-operations.mjs';
import { MULTIPART_OPERATIONS } from './multipart-operations.mjs';
import { OBJECT_OPERATIONS } from './object-operations.mjs';
import { AnswerRules, quirksOf } from './quirks.mjs';
import { REMOVAL_OPERATIONS } from './removal-operations.mjs';
import { RequestJournal } from './request-journal.mjs';
import { answer } from './s3-answers.mjs';
import { readBody } from './s3-body.mjs';
import { S3Error } from './s3-error.mjs';
import { readRequest } from './s3-request.mjs';
import { checkSignature } from './signature-check.mjs';

const OPERATIONS = {
  ...BUCKET_OPERATIONS,
  ...LISTING_OPERATIONS,
  ...OBJECT_OPERATIONS,
  ...REMOVAL_OPERATIONS,
  ...MULTIPART_OPERATIONS,
};
const LISTINGS = Object.keys(LISTING_OPERATIONS);
const ANONYMOUS = [
  'GetObject',
  'HeadObject',
  'ListObjects',
  'ListObjectsV2',
  'HeadBucket',
  'GetBucketLocation',
];
const MAX_KEY_BYTES = 1024;

/** An S3 in memory, on loopback; `permissive-s3.d.mts` says what it offers. */
export async function startPermissiveS3({
  quirks: given = {},
  bucket = 'permissive',
  port = 0,
  ...account
} = {}) {
  const state = {
    quirks: quirksOf(given),
    account: {
      accessKeyId: 'permissive',
      secretAccessKey: 'permissive-secret',
      region: 'us-east-1',
      ...account,
    },
    stores: new Map(),
    journal: new RequestJournal(),
    rules: new AnswerRules(),
  };
  const makeStore = (name) => {
    state.stores.set(name, new ByteStore(state.quirks));
    return state.stores.get(name);
  };
  const store = makeStore(bucket);
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    void serve({ ...state, makeStore }, incoming, outgoing);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    ...state.account,
    bucket,
    store,
    storeOf: (name) => state.stores.get(name) ?? makeStore(name),
    journal: state.journal,
    quirks: state.quirks,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(state, incoming, outgoing) {
  // A client that leaves in the middle is nothing to tell.
  incoming.on('error', () => undefined);
  outgoing.on('error', () => undefined);
  const { request, fault } = readOrFail(incoming);
  const entry = state.journal.begin(request);
  outgoing.setHeader('date', new Date(Date.now() + state.quirks.clockOffsetMs).toUTCString());
  const exchange = { incoming, outgoing, request, entry };
  const rule = state.rules.next(state.quirks, request);
  await answer(exchange, rule, async () => {
    if (fault !== undefined) throw fault;
    return perform(state, request, incoming);
  });
}

function readOrFail(incoming) {
  try {
    return { request: readRequest(incoming) };
  } catch (fault) {
    const { method, url: path, headers } = incoming;
    const request = {
      method,
      path,
      headers,
      bucketName: '',
      key: '',
      query: new Map(),
      operation: 'Unknown',
    };
    return { request, fault };
  }
}

async function perform(state, request, incoming) {
  const { quirks, account, stores, makeStore } = state;
  const { operation, bucketName, key } = request;
  const now = Date.now() + quirks.clockOffsetMs;
  const payload = checkSignature(request, account, { now, redirectsToRegion: quirks.redirectsToRegion });
  checkAccess(request, { isSigned: payload !== undefined, quirks });
  if (operation === 'Unknown') {
    throw new S3Error(
      'NotImplemented',
      'A header or query you provided requests a function that is not implemented.',
    );
  }
  if (key.length > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long');
  const store = stores.get(bucketName);
  if (store === undefined && !WITHOUT_BUCKET.includes(operation)) {
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  }
  return OPERATIONS[operation]({
    request,
    store,
    stores,
    makeStore,
    quirks,
    region: account.region,
    isSigned: payload !== undefined,
    readBody: (options) => readBody(incoming, payload, options),
  });
}

function checkAccess({ operation }, { isSigned, quirks }) {
  const isPublic = quirks.anonymousRead && ANONYMOUS.includes(operation);
  const isHidden = quirks.withoutListBucket && LISTINGS.includes(operation);
  if ((!isSigned && !isPublic) || isHidden) throw new S3Error('AccessDenied', 'Access Denied');
}
