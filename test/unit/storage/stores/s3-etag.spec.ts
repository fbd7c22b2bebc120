import { quotedEtag } from '../../../../src/storage/providers/s3/s3-etag.js';

describe('the ETag of a store', () => {
  it.each([
    ['"abc"', '"abc"'],
    ['abc', '"abc"'],
    ['W/"abc"', '"abc"'],
    ['w/abc', '"abc"'],
    ['""abc""', '"abc"'],
    ['"abc', '"abc"'],
    [' abc ', '"abc"'],
    ['abc-12', '"abc-12"'],
  ])('%s is %s', (sent, quoted) => {
    expect(quotedEtag(sent)).toBe(quoted);
  });

  it.each([undefined, '', '""\n', 'a b', 'a"b', 'a\nb', '\u00e9'])('%j is none', (sent) => {
    expect(quotedEtag(sent)).toBeNull();
  });
});
