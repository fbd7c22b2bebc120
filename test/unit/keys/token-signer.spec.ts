import { randomBytes } from 'node:crypto';
import { TokenSigner } from '../../../src/keys/token-signer.js';

const KEY = randomBytes(32);
const FACTS = { user: 'root', path: 'a b/数据.csv', expires: 1 };

describe('a signed token', () => {
  const signer = new TokenSigner(KEY, 'a purpose');
  const token = signer.sign(FACTS);

  it('gives back what was signed, also to another process with the same key', () => {
    expect(signer.verify(token)).toEqual(FACTS);
    expect(new TokenSigner(KEY, 'a purpose').verify(token)).toEqual(FACTS);
  });

  it('can stand in a URL', () => {
    expect(token).toMatch(/^[\w.-]+$/);
  });

  it('is nothing under another key, and for another purpose', () => {
    expect(new TokenSigner(randomBytes(32), 'a purpose').verify(token)).toBeUndefined();
    expect(new TokenSigner(KEY, 'another purpose').verify(token)).toBeUndefined();
  });

  it('is nothing when any character of it is changed', () => {
    for (let place = 0; place < token.length; place++) {
      const changed = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
      expect(signer.verify(changed)).toBeUndefined();
    }
  });

  it.each(['', '.', 'x', 'a.b', `${token}.`, `.${token}`, '..'])('is nothing as %j', (text) => {
    expect(signer.verify(text)).toBeUndefined();
  });
});
