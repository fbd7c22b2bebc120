import { inspect } from 'node:util';
import { StorageError, type StorageErrorKind } from '../../../../src/storage/contract/storage-error.js';
import { s3StorageError } from '../../../../src/storage/providers/s3/s3-storage.errors.js';

interface Told {
  readonly name?: string;
  readonly message?: string;
  readonly status?: number;
  readonly code?: string;
}

function told({ name = 'Error', message = 'Why.', status, code }: Told): Error {
  return Object.assign(new Error(message), {
    name,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status, requestId: 'R1' } }),
  });
}

const NAMED: readonly [StorageErrorKind, string, number][] = [
  ['NotFound', 'NoSuchKey', 404],
  ['NotFound', 'NotFound', 404],
  ['InvalidConfig', 'NoSuchBucket', 404],
  ['InvalidConfig', 'PermanentRedirect', 301],
  ['InvalidConfig', 'AuthorizationHeaderMalformed', 400],
  ['PermissionDenied', 'AccessDenied', 403],
  ['PermissionDenied', 'InvalidAccessKeyId', 403],
  ['PermissionDenied', 'SignatureDoesNotMatch', 403],
  ['RateLimited', 'SlowDown', 503],
  ['Unavailable', 'ServiceUnavailable', 503],
  ['Unavailable', 'InternalError', 500],
  ['TooLarge', 'EntityTooLarge', 400],
  ['RangeNotSatisfiable', 'InvalidRange', 416],
  ['InvalidKey', 'KeyTooLongError', 400],
  ['InvalidKey', 'XMinioInvalidObjectName', 400],
  ['InvalidKey', 'XMinioInvalidResourceName', 400],
  ['NoSpace', 'XMinioStorageFull', 507],
  ['PreconditionFailed', 'PreconditionFailed', 412],
  ['PreconditionFailed', 'ConditionalRequestConflict', 409],
  ['AlreadyExists', 'XMinioParentIsObject', 400],
  ['AlreadyExists', 'XMinioObjectExistsAsDirectory', 409],
  ['Unexpected', 'MalformedXML', 400],
];

describe('what an S3 store says', () => {
  it.each(NAMED)('is %s where it says %s', (kind, name, status) => {
    const error = s3StorageError(told({ name, status }), { operation: 'get', key: 'a.csv' });
    expect(error.kind).toBe(kind);
    expect(error.context).toEqual({ operation: 'get', scheme: 's3', key: 'a.csv', status, requestId: 'R1' });
  });

  it.each(['put', 'list'])(
    'is InvalidConfig where a %s is answered with 404: that is no S3 server',
    (operation) => {
      const error = s3StorageError(told({ name: 'NotFound', status: 404 }), { operation });
      expect(error.kind).toBe('InvalidConfig');
    },
  );

  it.each<[StorageErrorKind, string]>([
    ['NotFound', 'NoSuchKey'],
    ['InvalidConfig', 'NotFound'],
    ['InvalidConfig', 'UnknownError'],
  ])('is %s where a removal is answered with 404 and %s', (kind, name) => {
    expect(s3StorageError(told({ name, status: 404 }), { operation: 'remove' }).kind).toBe(kind);
  });

  it.each<[StorageErrorKind, number]>([
    ['InvalidConfig', 307],
    ['PermissionDenied', 401],
    ['PermissionDenied', 403],
    ['NotFound', 404],
    ['PreconditionFailed', 412],
    ['TooLarge', 413],
    ['RangeNotSatisfiable', 416],
    ['RateLimited', 429],
    ['Unavailable', 500],
    ['Unavailable', 502],
    ['Unavailable', 503],
    ['NoSpace', 507],
    ['Unexpected', 418],
  ])('is %s where it says nothing but status %d', (kind, status) => {
    const error = s3StorageError(told({ name: 'UnknownError', message: 'UnknownError', status }), {
      operation: 'stat',
    });
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(`it answered with status ${String(status)}.`);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH', 'ETIMEDOUT', 'EPIPE', 'EPROTO'])(
    'is Unavailable where the network says %s',
    (code) => {
      const error = s3StorageError(told({ code }), { operation: 'list' });
      expect(error.kind).toBe('Unavailable');
      expect((error.cause as Error).name).toBe(code);
    },
  );

  it.each([
    ['ENOTFOUND', ''],
    ['ERR_TLS_CERT_ALTNAME_INVALID', ''],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', ''],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ''],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ''],
    ['CERT_HAS_EXPIRED', ''],
    ['HPE_INVALID_CONSTANT', ''],
    ['EPROTO', 'ssl3_get_record:wrong version number'],
    ['BadRequest', 'Client sent an HTTP request to an HTTPS server.'],
  ])('is InvalidConfig where no repetition mends it: %s %s', (code, message) => {
    expect(s3StorageError(told({ code, message }), { operation: 'list' }).kind).toBe('InvalidConfig');
  });

  it.each<[number, StorageErrorKind, string]>([
    [200, 'InvalidConfig', 'The connection to the store is not right'],
    [404, 'InvalidConfig', 'The connection to the store is not right'],
    [429, 'RateLimited', 'The store asks for fewer requests'],
    [502, 'Unavailable', 'The store cannot be reached or cannot answer now'],
  ])('where the answer is no XML, with status %d, is %s', (status, expected, sentence) => {
    const error = told({ message: "char '!' is not expected.\n  Deserialization error: to see", status });
    const { kind, message } = s3StorageError(error, { operation: 'list' });
    const reason = `the answer (status ${String(status)}) is not one of S3.`;
    expect([kind, message]).toEqual([expected, `${sentence}: ${reason}`]);
  });

  it('is repeated with its reason', () => {
    const message = 'The Access Key Id you provided does not exist in our records.';
    const error = s3StorageError(told({ name: 'InvalidAccessKeyId', message, status: 403 }), {
      operation: 'get',
    });
    expect(error.message).toBe(`The store refuses the request: InvalidAccessKeyId: ${message}`);
  });

  it('is Aborted where the signal has fired, whatever the error', () => {
    const signal = AbortSignal.abort();
    expect(s3StorageError(told({ code: 'ECONNRESET' }), { operation: 'get', signal }).kind).toBe('Aborted');
    expect(s3StorageError(told({ name: 'AbortError' }), { operation: 'get' }).kind).toBe('Aborted');
  });

  it('stays what it is where it is a StorageError already', () => {
    const error = new StorageError('TooLarge', 'Too large.');
    expect(s3StorageError(error, { operation: 'put' })).toBe(error);
  });

  it('is Unexpected where it is no error at all', () => {
    expect(s3StorageError('strange', { operation: 'put' })).toMatchObject({ kind: 'Unexpected' });
  });

  it('comes without signatures and credentials, in whatever depth', () => {
    const error = Object.assign(told({ name: 'SignatureDoesNotMatch', status: 403 }), {
      message: 'Bad: Credential=AKIDSECRET/2026, Signature=deadbeef&X-Amz-Security-Token=hushhush',
      AWSAccessKeyId: 'AKIDSECRET',
      StringToSign: 'hushhush',
      SignatureProvided: 'deadbeef',
      $response: { headers: { authorization: 'deadbeef' } },
    });
    const all = inspect(s3StorageError(error, { operation: 'put' }), { depth: 9, showHidden: true });
    expect(all).toContain('SignatureDoesNotMatch');
    expect(all).not.toMatch(/AKIDSECRET|hushhush|deadbeef/);
  });
});
