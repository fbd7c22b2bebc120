import { NotFoundException } from '@nestjs/common';
import { AccessError } from '../../../src/access/access-error.js';
import { AuthError } from '../../../src/auth/auth-error.js';
import { AppError } from '../../../src/common/app-error.js';
import { errorAnswer } from '../../../src/http/errors/error-answer.js';
import { SealedBoxError } from '../../../src/keys/sealed-box-error.js';
import { StageError } from '../../../src/stages/stage-error.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import { PartialUploadError, UploadError } from '../../../src/upload/upload-error.js';
import { UserError } from '../../../src/users/user-error.js';

class StrangeError extends AppError<'Strange'> {}

const CHALLENGE = { 'www-authenticate': 'Basic realm="Stagedoor", charset="UTF-8"' };

it.each<[AppError, string, number, number, string, Record<string, string>]>([
  [new StorageError('NotFound', 'm'), 'FileNotFound', 404, 3001, 'info', {}],
  [new StorageError('AlreadyExists', 'm'), 'NameConflict', 409, 2504, 'info', {}],
  [new StorageError('InvalidKey', 'm'), 'InvalidFileName', 400, 1006, 'info', {}],
  [new StorageError('InvalidConfig', 'm'), 'StoreMisconfigured', 502, 2002, 'warn', {}],
  [new StorageError('PermissionDenied', 'm'), 'StoreDeniedAccess', 502, 3002, 'warn', {}],
  [new StorageError('TooLarge', 'm'), 'FileTooLargeForStore', 413, 1006, 'info', {}],
  [new StorageError('Aborted', 'm'), 'ClientGone', 499, 499, 'debug', {}],
  [new StorageError('Unsupported', 'm'), 'UnsupportedByStore', 400, 3902, 'info', {}],
  [new StorageError('NoSpace', 'm'), 'NoSpace', 507, 4000, 'error', {}],
  [new StorageError('Unexpected', 'm'), 'StoreFailed', 502, 4000, 'error', {}],
  [new StorageError('Unavailable', 'm'), 'StoreUnavailable', 503, 3901, 'warn', { 'retry-after': '5' }],
  [new StorageError('RateLimited', 'm'), 'StoreBusy', 503, 3901, 'warn', { 'retry-after': '5' }],
  [
    new StorageError('RangeNotSatisfiable', 'm', { context: { size: 10 } }),
    'RangeNotSatisfiable',
    416,
    1006,
    'info',
    { 'content-range': 'bytes */10' },
  ],
  [
    new StorageError('RangeNotSatisfiable', 'm', { context: { size: 0 } }),
    'RangeNotSatisfiable',
    416,
    1006,
    'info',
    { 'content-range': 'bytes */0' },
  ],
  [new StageError('UnknownStage', 'm'), 'UnknownStage', 404, 2501, 'info', {}],
  [new StageError('StageAlreadyExists', 'm'), 'StageAlreadyExists', 409, 2502, 'info', {}],
  [new AccessError('PermissionDenied', 'm'), 'PermissionDenied', 403, 1063, 'info', {}],
  [new SealedBoxError('UnreadableSecret', 'm'), 'UnreadableSecret', 502, 2002, 'error', {}],
  [new UploadError('MissingStageHeader', 'm'), 'MissingStageHeader', 400, 400, 'info', {}],
  [new UploadError('NotMultipart', 'm'), 'NotMultipart', 415, 415, 'info', {}],
  [new UploadError('IdleTimeout', 'm'), 'IdleTimeout', 408, 408, 'info', {}],
  [new UserError('WrongPassword', 'm'), 'WrongPassword', 401, 5100, 'info', CHALLENGE],
  [new AuthError('NoCredentials', 'm'), 'NoCredentials', 401, 5100, 'info', CHALLENGE],
  [
    new AuthError('TooManyAttempts', 'm', { context: { retryAfterSeconds: 42 } }),
    'TooManyAttempts',
    429,
    5100,
    'warn',
    { 'retry-after': '42' },
  ],
  [new StrangeError('Strange', 'm'), 'Internal', 500, 500, 'error', {}],
])(
  '%o is answered with its status, its code, its kind and its message',
  (error, kind, status, code, log, headers) => {
    expect(errorAnswer(error)).toEqual({
      status,
      headers,
      body: { error: { code, kind, message: 'm' } },
      log,
    });
  },
);

it('a form that failed in its middle is answered as its cause, with the files that stay', () => {
  const answer = errorAnswer(new PartialUploadError(new StorageError('NoSpace', 'full'), ['a', 'b']));
  expect(answer).toMatchObject({ status: 507, log: 'error' });
  expect(answer.body).toEqual({ error: { code: 4000, kind: 'NoSpace', message: 'full' }, files: ['a', 'b'] });
});

it.each<[string, unknown, number, string, string]>([
  ["Nest's own errors", new NotFoundException('Cannot GET /x'), 404, 'UnknownRoute', 'Cannot GET /x'],
  [
    "those of Express's parsers",
    Object.assign(new Error('too large'), { status: 413 }),
    413,
    'InvalidRequest',
    'too large',
  ],
])('%s pass with their status and message', (_what, thrown, status, kind, message) => {
  expect(errorAnswer(thrown)).toEqual({
    status,
    headers: {},
    body: { error: { code: status, kind, message } },
    log: 'info',
  });
});

it.each<[string, unknown]>([
  ['an error of the code', new TypeError('hush is not a function')],
  ['an error with a status of the server', Object.assign(new Error('hush'), { status: 500 })],
  ['an error with a status that is no number', Object.assign(new Error('hush'), { status: '404' })],
  ['a text', 'hush'],
  ['nothing', undefined],
  ['null', null],
])('%s tells the client nothing of the inside', (_what, thrown) => {
  const answer = errorAnswer(thrown);
  expect(answer).toMatchObject({
    status: 500,
    log: 'error',
    body: { error: { code: 500, kind: 'Internal' } },
  });
  expect(answer.body.error.message).toContain('x-request-id');
  expect(JSON.stringify(answer)).not.toContain('hush');
});
