import { idempotencyKey, requestDigest } from '../../../src/upload/headers/idempotency-key.js';
import { ofKind } from '../of-kind.js';

describe('an idempotency key', () => {
  it.each([
    [undefined, undefined],
    ['abc', 'abc'],
    ['  abc  ', 'abc'],
    ['"abc"', 'abc'],
    ['"a b"', 'a b'],
    ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['~!@#$%^&*()', '~!@#$%^&*()'],
  ])('of %j is %j', (value, key) => {
    expect(idempotencyKey({ 'idempotency-key': value })).toBe(key);
  });

  it.each(['', '   ', '""', 'a b', '"a', 'a"b', '"a"b"', 'x'.repeat(256), 'é', 'a\tb', '"a\u007f"'])(
    'of %j is refused',
    (value) => {
      expect(() => idempotencyKey({ 'idempotency-key': value })).toThrow(ofKind('MalformedHeader'));
    },
  );
});

describe('the digest of a request', () => {
  it('is the same for the same facts, and another for others', () => {
    const facts = { stage: 's', path: 'a' };
    expect(requestDigest({ ...facts })).toBe(requestDigest(facts));
    expect(requestDigest({ ...facts, path: 'b' })).not.toBe(requestDigest(facts));
    expect(requestDigest({ stage: 's,path:a' })).not.toBe(requestDigest(facts));
  });
});
