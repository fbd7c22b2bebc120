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
  ])('of the headers %j is %j', (headers, condition) => {
    expect(uploadCondition(headers)).toEqual(condition);
  });

  it.each([
    { 'if-none-match': '' },
    { 'if-none-match': '"abc"' },
    { 'if-none-match': '**' },
    { 'if-match': '' },
    { 'if-match': 'abc' },
    { 'if-match': '"abc' },
    { 'if-match': '"a"b"' },
    { 'if-match': '"a b"' },
    { 'if-match': '"a", "b"' },
    { 'if-match': '*, "b"' },
    { 'if-match': '*', 'if-none-match': '*' },
    { 'if-unmodified-since': 'Wed, 21 Oct 2026 07:28:00 GMT' },
  ])('cannot be read from %j', (headers) => {
    expect(() => uploadCondition(headers)).toThrow(
      expect.objectContaining({ kind: 'MalformedHeader' }) as Error,
    );
  });
});
