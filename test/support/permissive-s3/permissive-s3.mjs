import { once } from 'node:events';
import { createServer } from 'node:http';

import { BUCKET_OPERATIONS, SERVICE_OPERATIONS } from './bucket-operations.mjs';
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
import { headersOf, readRequest } from './s3-request.mjs';
import { checkSignature } from './signature-check.mjs';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { AddressInfo } from 'node:net' */
/** @import { Operation, ServiceContext } from './operation-context.mjs' */
/** @import { Quirks } from './quirks.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */
/** @import { S3Operation, S3Request } from './s3-request.mjs' */
/** @import { Account } from './signature-check.mjs' */

/** @typedef {Exclude<S3Operation, keyof typeof SERVICE_OPERATIONS | 'Unknown'>} BucketOperation */

/**
 * @typedef {object} PermissiveS3Options
 * @property {Partial<Quirks>} [quirks]
 * @property {string} [bucket] that is there from the start; `permissive` unless told
 * @property {number} [port]
 * @property {string} [accessKeyId]
 * @property {string} [secretAccessKey]
 * @property {string} [sessionToken] what requests must bring as `x-amz-security-token`; none unless told
 * @property {string} [region]
 */

/**
 * @typedef {object} PermissiveS3
 * @property {string} endpoint
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 * @property {string} region
 * @property {Map<string, string>} moreKeys secrets of further keys by their ids, which may be changed while it runs
 * @property {string} bucket
 * @property {ByteStore} store of that bucket
 * @property {(bucket: string) => ByteStore} storeOf another one, which is made where it is not there
 * @property {RequestJournal} journal
 * @property {Quirks} quirks which may be changed while it runs
 * @property {() => Promise<void>} stop
 */

/**
 * @typedef {object} State
 * @property {Quirks} quirks
 * @property {Account} account
 * @property {Map<string, ByteStore>} stores by their buckets
 * @property {(bucket: string) => ByteStore} makeStore
 * @property {RequestJournal} journal
 * @property {AnswerRules} rules
 */

/** @type {Readonly<Record<BucketOperation, Operation>>} */
const OPERATIONS = {
  ...BUCKET_OPERATIONS,
  ...LISTING_OPERATIONS,
  ...OBJECT_OPERATIONS,
  ...REMOVAL_OPERATIONS,
  ...MULTIPART_OPERATIONS,
};
/** @type {readonly string[]} */
const LISTINGS = Object.keys(LISTING_OPERATIONS);
/** @type {readonly string[]} */
const ANONYMOUS = [
  'GetObject',
  'HeadObject',
  'ListObjects',
  'ListObjectsV2',
  'HeadBucket',
  'GetBucketLocation',
];
const MAX_KEY_BYTES = 1024;

/**
 * An S3 in memory, on loopback: keys are bytes, signatures are verified, each quirk has a switch.
 *
 * @param {PermissiveS3Options} [options]
 * @returns {Promise<PermissiveS3>}
 */
export async function startPermissiveS3({
  quirks: given = {},
  bucket = 'permissive',
  port = 0,
  ...account
} = {}) {
  const quirks = quirksOf(given);
  /** @type {State['stores']} */
  const stores = new Map();
  /** @param {string} name */
  const makeStore = (name) => {
    const made = new ByteStore(quirks);
    stores.set(name, made);
    return made;
  };
  /** @type {State} */
  const state = {
    quirks,
    account: {
      accessKeyId: 'permissive',
      secretAccessKey: 'permissive-secret',
      moreKeys: new Map(),
      region: 'us-east-1',
      ...account,
    },
    stores,
    makeStore,
    journal: new RequestJournal(),
    rules: new AnswerRules(),
  };
  const store = makeStore(bucket);
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    void serve(state, incoming, outgoing);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  const address = /** @type {AddressInfo} */ (server.address());
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
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

/**
 * @param {State} state
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 */
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

/**
 * @param {IncomingMessage} incoming
 * @returns {{ request: S3Request, fault?: unknown }}
 */
function readOrFail(incoming) {
  try {
    return { request: readRequest(incoming) };
  } catch (fault) {
    const { method = '', url: path = '' } = incoming;
    /** @type {S3Request} */
    const request = {
      method,
      path,
      headers: headersOf(incoming),
      bucketName: '',
      key: '',
      parameters: [],
      query: new Map(),
      operation: 'Unknown',
    };
    return { request, fault };
  }
}

/**
 * @param {State} state
 * @param {S3Request} request
 * @param {IncomingMessage} incoming
 * @returns {Promise<S3Answer>}
 */
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
  /** @type {ServiceContext} */
  const context = {
    request,
    stores,
    makeStore,
    quirks,
    region: account.region,
    isSigned: payload !== undefined,
    readBody: (options) => readBody(incoming, payload, options),
  };
  if (operation === 'ListBuckets' || operation === 'CreateBucket')
    return SERVICE_OPERATIONS[operation](context);
  const store = stores.get(bucketName);
  if (store === undefined) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  return OPERATIONS[operation]({ ...context, store });
}

/**
 * @param {S3Request} request
 * @param {{ isSigned: boolean, quirks: Quirks }} facts
 */
function checkAccess({ operation }, { isSigned, quirks }) {
  const isPublic = quirks.anonymousRead && ANONYMOUS.includes(operation);
  const isHidden = quirks.withoutListBucket && LISTINGS.includes(operation);
  if ((!isSigned && !isPublic) || isHidden) throw new S3Error('AccessDenied', 'Access Denied');
}
