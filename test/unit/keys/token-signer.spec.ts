import { randomBytes } from 'node:crypto';
import { masterKeys } from '../../../src/keys/master-keys.js';
import { TokenSigner } from '../../../src/keys/token-signer.js';

const [KEY, OTHER] = [randomBytes(32), randomBytes(32)];
const FACTS = { user: 'root', path: 'a b/数据.csv', expires: 1 };
const under = (...keys: [Buffer, ...Buffer[]]): TokenSigner => new TokenSigner(masterKeys(keys), 'a purpose');

describe('a signed token', () => {
  const signer = under(KEY);
  const token = signer.sign(FACTS);

  it('gives back what was signed, also to another process with the same key', () => {
    expect(signer.verify(token)).toEqual(FACTS);
    expect(under(KEY).verify(token)).toEqual(FACTS);
  });

  it('can stand in a URL', () => {
    expect(token).toMatch(/^[\w.-]+$/);
  });

  it('is nothing under another key, and for another purpose', () => {
    expect(under(OTHER).verify(token)).toBeUndefined();
    expect(new TokenSigner(masterKeys([KEY]), 'another purpose').verify(token)).toBeUndefined();
  });

  it('is good under every key that is listed, and signed with the first', () => {
    expect(under(OTHER, KEY).verify(token)).toEqual(FACTS);
    const rotated = under(OTHER, KEY).sign(FACTS);
    expect(under(OTHER).verify(rotated)).toEqual(FACTS);
    expect(under(KEY).verify(rotated)).toBeUndefined();
  });

  it('names its key, and the key of another purpose otherwise', () => {
    const idOf = (text: string): string => text.split('.')[1]?.slice(0, 8) ?? '';
    expect(idOf(token)).toMatch(/^[\da-f]{8}$/);
    expect(idOf(signer.sign({}))).toBe(idOf(token));
    const others = [under(OTHER), new TokenSigner(masterKeys([KEY]), 'another purpose')];
    for (const other of others) expect(idOf(other.sign(FACTS))).not.toBe(idOf(token));
  });

  it('is nothing when any character of it is changed', () => {
    for (let place = 0; place < token.length; place++) {
      const changed = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
      expect(under(KEY, OTHER).verify(changed)).toBeUndefined();
    }
  });

  it.each(['', '.', 'x', 'a.b', `${token}.`, `.${token}`, '..'])('is nothing as %j', (text) => {
    expect(signer.verify(text)).toBeUndefined();
  });
});
