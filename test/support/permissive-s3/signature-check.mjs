import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { S3Error } from './s3-error.mjs';
import { percentDecoded, percentEncoded } from './s3-request.mjs';

/** @import { S3Headers, S3Request } from './s3-request.mjs' */

/**
 * @typedef {object} Account
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 * @property {Map<string, string>} moreKeys secrets of further keys, by their ids
 * @property {string} region
 * @property {string} [sessionToken]
 */
/**
 * What a request says of its own signature.
 *
 * @typedef {object} Claim
 * @property {string} credential
 * @property {string[]} signedHeaders
 * @property {string} signature
 * @property {string} stamp
 * @property {number} [expiresInMs]
 * @property {string} payload
 * @property {(why: string) => S3Error} malformed
 */

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 15 * 60_000;
const MAX_EXPIRY_SECONDS = 604_800;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Verifies AWS Signature Version 4, in headers or in a presigned URL. It does not share code with any signer, so that both
 * cannot be wrong together.
 *
 * @param {S3Request} request
 * @param {Account} account
 * @param {{ now: number, redirectsToRegion: boolean }} manner
 * @returns what the request declares of its payload: a sha256 or one of S3's words for none; undefined where it is unsigned.
 */
export function checkSignature(request, account, { now, redirectsToRegion }) {
  const claim = claimOf(request);
  if (claim === undefined) return undefined;
  const [accessKeyId, day = '', region = '', service = '', end = '', ...more] = claim.credential.split('/');
  if (more.length > 0 || service !== 's3' || end !== 'aws4_request' || day !== claim.stamp.slice(0, 8)) {
    throw claim.malformed(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request".',
    );
  }
  const secret = secretOf(account, accessKeyId);
  if (secret === undefined) {
    throw new S3Error('InvalidAccessKeyId', 'The Access Key Id you provided does not exist in our records.');
  }
  if (region !== account.region) throw wrongRegion(claim, account.region, redirectsToRegion);
  checkTime(claim, now);
  checkToken(request, account);
  checkSignedHeaders(request, claim.signedHeaders);
  const scope = [day, region, service, end];
  const expected = signatureOf(canonicalRequest(request, claim), {
    ...claim,
    scope,
    secret,
  });
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature))) {
    const why = 'The request signature we calculated does not match the signature you provided.';
    throw new S3Error('SignatureDoesNotMatch', why);
  }
  return claim.payload;
}

/**
 * @param {Account} account
 * @param {string | undefined} named
 * @returns {string | undefined}
 */
function secretOf({ accessKeyId, secretAccessKey, moreKeys }, named) {
  return named === accessKeyId ? secretAccessKey : moreKeys.get(named ?? '');
}

/**
 * @param {S3Request} request
 * @returns {Claim | undefined}
 */
function claimOf(request) {
  const { headers, query } = request;
  if (headers['authorization'] !== undefined) return claimInHeaders(headers, headers['authorization']);
  if (query.has('X-Amz-Algorithm')) return claimInQuery(request);
  return undefined;
}

/**
 * @param {S3Headers} headers
 * @param {string} authorization
 * @returns {Claim}
 */
function claimInHeaders(headers, authorization) {
  /** @param {string} why */
  const malformed = (why) =>
    new S3Error('AuthorizationHeaderMalformed', `The authorization header is malformed; ${why}`);
  const [, credential, signedHeaders = '', signature = ''] = AUTHORIZATION.exec(authorization) ?? [];
  const payload = headers['x-amz-content-sha256'];
  const stamp = headers['x-amz-date'] ?? '';
  if (credential === undefined) throw malformed('it is no signature of version 4.');
  if (payload === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (!/^\d{8}T\d{6}Z$/.test(stamp)) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  return { credential, signedHeaders: signedHeaders.split(';'), signature, stamp, payload, malformed };
}

/**
 * @param {S3Request} request
 * @returns {Claim}
 */
function claimInQuery({ headers, query }) {
  /** @param {string} why */
  const malformed = (why) =>
    new S3Error('AuthorizationQueryParametersError', `Error parsing a parameter: ${why}`);
  const names = ['Algorithm', 'Credential', 'SignedHeaders', 'Signature', 'Date', 'Expires'];
  const values = names.map((name) => query.get(`X-Amz-${name}`));
  if (values.includes(undefined)) throw malformed('a parameter of the signature is missing.');
  const [algorithm, credential = '', signedHeaders = '', signature = '', stamp = '', expires = ''] = values;
  const isPlausible =
    algorithm === ALGORITHM && /^[0-9a-f]{64}$/.test(signature) && /^\d{8}T\d{6}Z$/.test(stamp);
  if (!isPlausible) throw malformed('a parameter of the signature is mal-formed.');
  if (!/^\d+$/.test(expires) || Number(expires) > MAX_EXPIRY_SECONDS) {
    throw malformed('X-Amz-Expires must be less than a week (in seconds)');
  }
  return {
    credential,
    signedHeaders: signedHeaders.split(';'),
    signature,
    stamp,
    expiresInMs: Number(expires) * 1000,
    payload: headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
    malformed,
  };
}

/**
 * @param {Claim} claim
 * @param {string} region
 * @param {boolean} redirects
 */
function wrongRegion(claim, region, redirects) {
  if (redirects) {
    const why = 'The bucket you are attempting to access must be addressed using the specified endpoint.';
    return new S3Error('PermanentRedirect', why, { status: 301, headers: { 'x-amz-bucket-region': region } });
  }
  const error = claim.malformed(`the region is wrong; expecting '${region}'`);
  error.fields = { Region: region };
  return error;
}

/**
 * @param {Claim} claim
 * @param {number} now
 */
function checkTime({ stamp, expiresInMs }, now) {
  const times = (stamp.match(/^\d{4}|\d{2}/g) ?? []).map(Number);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = times;
  const signedAt = Date.UTC(year, month - 1, day, hour, minute, second);
  if (expiresInMs !== undefined) {
    if (now > signedAt + expiresInMs) throw new S3Error('AccessDenied', 'Request has expired');
    if (now < signedAt - MAX_SKEW_MS) throw new S3Error('AccessDenied', 'Request is not valid yet');
  } else if (Math.abs(now - signedAt) > MAX_SKEW_MS) {
    const why = 'The difference between the request time and the current time is too large.';
    throw new S3Error('RequestTimeTooSkewed', why);
  }
}

/**
 * @param {S3Request} request
 * @param {Account} account
 */
function checkToken({ headers, query }, { sessionToken }) {
  const token = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token');
  if (token !== sessionToken) {
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
}

/**
 * A header that changes what is done must be signed, else anybody on the way could change it.
 * @param {S3Request} request
 * @param {readonly string[]} signedHeaders
 */
function checkSignedHeaders({ headers }, signedHeaders) {
  const wanted = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const missing = wanted.filter((name) => !signedHeaders.includes(name));
  if (missing.length > 0) {
    const fields = { HeadersNotSigned: missing.join(', ') };
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
      fields,
    });
  }
}

/**
 * @param {S3Request} request
 * @param {Claim} claim
 */
function canonicalRequest({ method, path, parameters, headers }, { signedHeaders, payload }) {
  const query = parameters
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map((pair) => pair.map((part) => percentEncoded(part)))
    .sort(([a = '', x = ''], [b = '', y = '']) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='));
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  const uri = percentEncoded(percentDecoded(path), '/');
  return [method, uri, query.join('&'), lines.join(''), signedHeaders.join(';'), payload].join('\n');
}

/** @type {(a: string, b: string) => number} */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * @param {string} canonical
 * @param {{ stamp: string, scope: readonly string[], secret: string }} facts
 */
function signatureOf(canonical, { stamp, scope, secret }) {
  const digest = createHash('sha256').update(canonical, 'latin1').digest('hex');
  const root = /** @type {string | Buffer} */ (`AWS4${secret}`);
  const key = scope.reduce((current, part) => hmac(current, part).digest(), root);
  return hmac(key, [ALGORITHM, stamp, scope.join('/'), digest].join('\n')).digest('hex');
}

/**
 * @param {string | Buffer} key
 * @param {string} text
 */
function hmac(key, text) {
  return createHmac('sha256', key).update(text);
}
