import { createHash, randomBytes } from 'node:crypto';
import { KeyedDigest } from '../../../src/keys/keyed-digest.js';
import { masterKeys } from '../../../src/keys/master-keys.js';

const [KEY, OTHER] = [randomBytes(32), randomBytes(32)];
const TEXT = "ALTER USER u IDENTIFIED BY 'secret'";
const under = (...keys: [Buffer, ...Buffer[]]): KeyedDigest => new KeyedDigest(masterKeys(keys), 'a purpose');

describe('a keyed digest', () => {
  const digest = under(KEY).of(TEXT);

  it('matches its text alone, also in another process with the same key', () => {
    expect(under(KEY).matches(TEXT, digest)).toBe(true);
    expect(under(KEY).matches(`${TEXT} `, digest)).toBe(false);
    expect(under(KEY).of(TEXT)).toBe(digest);
  });

  it('cannot be made without the key', () => {
    expect(under(OTHER).of(TEXT).split('.')[1]).not.toBe(digest.split('.')[1]);
    expect(digest).not.toContain(createHash('sha256').update(TEXT).digest('base64url'));
    expect(digest).not.toContain(createHash('sha256').update(TEXT).digest('hex'));
  });

  it('is another one for another purpose', () => {
    const others = new KeyedDigest(masterKeys([KEY]), 'another purpose');
    expect(others.matches(TEXT, digest)).toBe(false);
  });

  it('matches under every key that is listed, and is made with the first', () => {
    expect(under(OTHER, KEY).matches(TEXT, digest)).toBe(true);
    expect(under(OTHER, KEY).of(TEXT)).toBe(under(OTHER).of(TEXT));
    expect(under(OTHER).matches(TEXT, digest)).toBe(false);
  });

  it('says whether its key is there', () => {
    expect(under(OTHER, KEY).hasKeyOf(digest)).toBe(true);
    expect(under(OTHER).hasKeyOf(digest)).toBe(false);
    expect(under(KEY).hasKeyOf(createHash('sha256').update(TEXT).digest('hex'))).toBe(false);
  });

  it('matches nothing that is cut, longer, or in another form', () => {
    const plain = createHash('sha256').update(TEXT).digest('hex');
    for (const wrong of [
      '',
      '.',
      digest.slice(0, -1),
      `${digest}a`,
      digest.slice(0, 9),
      plain,
      `é${digest.slice(1)}`,
    ])
      expect(under(KEY).matches(TEXT, wrong)).toBe(false);
  });
});
