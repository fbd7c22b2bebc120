import { withoutToken } from '../../../src/http/server/hidden-token.js';

const TOKEN = 'eyJ1c2VyIjoicm9vdCJ9.c2lnbmF0dXJl-_';

describe('the token of a presigned URL', () => {
  it.each([
    [`/v1/presigned/${TOKEN}`, '/v1/presigned/***'],
    [`/v1/presigned/${TOKEN}?x=y`, '/v1/presigned/***?x=y'],
    [`/v1/presigned/${TOKEN}/more%20`, '/v1/presigned/***'],
    [`/V1/Presigned/${TOKEN}`, '/V1/Presigned/***'],
    [`/prefix/v1/presigned/${TOKEN}`, '/prefix/v1/presigned/***'],
    [
      `NotFoundException: Cannot GET /x/v1/presigned/${TOKEN}\n    at`,
      'NotFoundException: Cannot GET /x/v1/presigned/***\n    at',
    ],
    [
      `Error: Failed to decode param '${TOKEN}%'\n    at`,
      'Error: Failed to decode a part of the path\n    at',
    ],
  ])('is not in the log where it was in %j', (text, expected) => {
    expect(withoutToken(text)).toBe(expected);
  });

  it.each(['/v1/stages/~/files/presigned/a.csv', '/v1/stages/a/presign', '/health'])(
    'has no say in %s',
    (url) => {
      expect(withoutToken(url)).toBe(url);
    },
  );
});
