import { checkNewToken, type NewToken } from '../../../src/people/tokens/new-token.js';
import { ofKind } from '../of-kind.js';

const TOKEN: NewToken = { name: 'nightly', scope: undefined, expiresInSeconds: 60 };
const TEN_YEARS = 315_360_000;

describe('a new token', () => {
  it.each<[what: string, fields: Partial<NewToken>]>([
    ['a name of 63 characters', { name: 'n'.repeat(63) }],
    ['a name with spaces in it', { name: 'a b' }],
    ['a life of a second', { expiresInSeconds: 1 }],
    ['a life of ten years', { expiresInSeconds: TEN_YEARS }],
    ['no end', { expiresInSeconds: null }],
    ['a scope of one privilege', { scope: { privileges: ['Read'] } }],
    ['a prefix of 1024 bytes', { scope: { privileges: ['Read'], prefix: 'é'.repeat(512) } }],
    ['a hundred stages', { scope: { privileges: ['Read'], stages: Array<string>(100).fill('s') } }],
  ])('may have %s', (_what, fields) => {
    expect(() => {
      checkNewToken({ ...TOKEN, ...fields });
    }).not.toThrow();
  });

  it.each<[what: string, fields: Partial<NewToken>]>([
    ['no name', { name: '' }],
    ['a name of 64 characters', { name: 'n'.repeat(64) }],
    ['a name with a space at its end', { name: 'a ' }],
    ['a name with a line separator', { name: 'a\u2028b' }],
    ['half a surrogate in its name', { name: '\ud800' }],
    ['no life', { expiresInSeconds: 0 }],
    ['a life of more than ten years', { expiresInSeconds: TEN_YEARS + 1 }],
    ['a part of a second', { expiresInSeconds: 1.5 }],
    ['a scope without privileges', { scope: { privileges: [] } }],
    ['a prefix of 1025 bytes', { scope: { privileges: ['Read'], prefix: `a${'é'.repeat(512)}` } }],
    ['a prefix with a zero byte', { scope: { privileges: ['Read'], prefix: 'a\0' } }],
    ['more than a hundred stages', { scope: { privileges: ['Read'], stages: Array<string>(101).fill('s') } }],
  ])('may not have %s', (_what, fields) => {
    expect(() => {
      checkNewToken({ ...TOKEN, ...fields });
    }).toThrow(ofKind('InvalidToken'));
  });
});
