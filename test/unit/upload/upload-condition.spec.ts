import { uploadCondition } from '../../../src/upload/headers/upload-condition.js';

describe('the condition of an upload', () => {
  it.each([
    [{}, undefined],
    [{ 'if-none-match': '*' }, { kind: 'absent' }],
    [{ 'if-none-match': ' * ' }, { kind: 'absent' }],
    [{ 'if-match': '*' }, { kind: 'present' }],
    [{ 'if-match': ' "abc-1" ' }, { kind: 'etag', etag: '"abc-1"' }],
    [{ 'if-match': '"a,b"' }, { kind: 'etag', etag: '"a,b"' }],
    [{ 'if-match': '""' }, { kind: 'etag', etag: '""' }],
    [{ 'if-match': 'W/"abc"' }, { kind: 'etag', etag: 'W/"abc"' }],
    [{ 'if-modified-since': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [{ 'if-unmodified-since': 'Thu, 21 Oct 2026 07:28:00 GMT' }, undefined],
    [{ 'if-unmodified-since': 'yesterday' }, undefined],
    [{ 'if-none-match': '"abc"' }, { kind: 'conditions', conditions: { ifNoneMatch: ['"abc"'] } }],
    [{ 'if-match': '"a", W/"b"' }, { kind: 'conditions', conditions: { ifMatch: ['"a"', 'W/"b"'] } }],
    [
      { 'if-match': '*', 'if-none-match': '*' },
      { kind: 'conditions', conditions: { ifMatch: '*', ifNoneMatch: '*' } },
    ],
    [
      { 'if-unmodified-since': 'Wed, 21 Oct 2026 07:28:00 GMT' },
      { kind: 'conditions', conditions: { ifUnmodifiedSince: 1_792_567_680 } },
    ],
  ])('of the headers %j is %j', (headers, condition) => {
    expect(uploadCondition(headers)).toEqual(condition);
  });

  it.each([
    { 'if-none-match': '' },
    { 'if-none-match': '**' },
    { 'if-match': '' },
    { 'if-match': 'abc' },
    { 'if-match': '"abc' },
    { 'if-match': '"a"b"' },
    { 'if-match': '"a b"' },
    { 'if-match': '*, "b"' },
  ])('cannot be read from %j', (headers) => {
    expect(() => uploadCondition(headers)).toThrow(
      expect.objectContaining({ kind: 'MalformedHeader' }) as Error,
    );
  });
});
