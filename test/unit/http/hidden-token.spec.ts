import { withoutToken } from '../../../src/http/server/hidden-token.js';

const TOKEN = 'eyJ1c2VyIjoicm9vdCJ9.c2lnbmF0dXJl-_';

const API_TOKEN = `sd_${'Vc5-6_pnLu'.repeat(4)}abc`;

describe('a credential that somebody writes into a URL', () => {
  it.each([
    [`/v1/stages?token=${API_TOKEN}`, '/v1/stages?token=***'],
    [`/v1/tokens/${API_TOKEN}`, '/v1/tokens/***'],
    [`/v1/tokens/${API_TOKEN.replaceAll('_', '%5f')}`, '/v1/tokens/***'],
    [`Stage '${API_TOKEN}' does not exist.`, "Stage '***' does not exist."],
    [`/v1/stages/bend-v1-s-${TOKEN}`, '/v1/stages/***'],
    [`/v1/stages/bend-v1-r-${TOKEN}/files`, '/v1/stages/***/files'],
    ['/v1/stages?limit=1&access_token=abc&x=y', '/v1/stages?limit=1&access_token=***&x=y'],
    ['/v1/stages?Password=a%20b', '/v1/stages?Password=***'],
    ['/b/k?X-Amz-Signature=0af&X-Amz-Date=1', '/b/k?X-Amz-Signature=***&X-Amz-Date=1'],
    ["Got '/?sv=1&sig=a%2Bb'.", "Got '/?sv=1&sig=***'."],
  ])('is not in the log where it was in %j', (text, expected) => {
    expect(withoutToken(text)).toBe(expected);
  });
});

describe('the token of a presigned URL', () => {
  it.each([
    [`/v1/presigned/${TOKEN}`, '/v1/presigned/***'],
    [`/v1/presigned/${TOKEN}?x=y`, '/v1/presigned/***?x=y'],
    [`/v1/presigned/${TOKEN}/more%20`, '/v1/presigned/***'],
    [`/V1/Presigned/${TOKEN}`, '/V1/Presigned/***'],
    [`/v1//presigned/${TOKEN}/a.csv`, '/v1//presigned/***'],
    [`/v1/presigned//${TOKEN}`, '/v1/presigned//***'],
    [`/presigned/${TOKEN}/a.csv?x`, '/presigned/***?x'],
    [`/v1/%70resigned/${TOKEN}`, '/v1/%70resigned/***'],
    [`There is nothing at /v1/stages/${TOKEN}/b.`, 'There is nothing at /v1/stages/***'],
    [`/v1/presign/%65yJ${TOKEN.slice(3)}`, '/v1/presign/***'],
    [`/v1/presign/${TOKEN.replace('.', '%2e')}?a=%20b`, '/v1/presign/***?a=%20b'],
    [`/v1/presign/%2565yJ${TOKEN.slice(3)}`, '/v1/presign/***'],
    ['http://root:secret@localhost/v1/stages', 'http://***@localhost/v1/stages'],
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

  it('is looked for in one pass', () => {
    const start = performance.now();
    for (const text of [
      '-eyJ',
      '.eyJ',
      'eyJ',
      '/v1//presigned',
      '://',
      '%25',
      '%65yJ',
      'sd_',
      'bend-v1-s-',
      '?',
      '?token',
      '&sig',
    ])
      withoutToken(text.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each([
    '/v1/stages/~/files/presigned/a%2eb%6D.csv',
    '/v1/stages/a/presign',
    '/v1/stages/sd_a',
    '/health',
  ])('has no say in %s', (url) => {
    expect(withoutToken(url)).toBe(url);
  });
});
