import { randomBytes } from 'node:crypto';
import { ConnectionCipher } from '../../../src/stages/connections/connection-cipher.js';
import { ofKind } from '../of-kind.js';

const KEY = randomBytes(32);
const CONNECTION = {
  scheme: 's3',
  url: 's3://bucket/日本/',
  rootPrefix: '日本/',
  options: { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'hush/hush+hush=' },
};
const cipher = new ConnectionCipher(KEY);

function refused(open: () => unknown, message = 'cannot be read'): void {
  expect(open).toThrow(ofKind('UnreadableConnection'));
  expect(open).toThrow(message);
  expect(open).not.toThrow('hush');
}

describe('a sealed connection', () => {
  it('opens again, also with another cipher of the same key', () => {
    const sealed = cipher.seal('id-1', CONNECTION);
    expect(cipher.open('id-1', sealed)).toEqual(CONNECTION);
    expect(new ConnectionCipher(Buffer.from(KEY)).open('id-1', sealed)).toEqual(CONNECTION);
  });

  it('holds nothing in clear, and is another text each time', () => {
    const sealed = [cipher.seal('id-1', CONNECTION), cipher.seal('id-1', CONNECTION)];
    expect(sealed[0]).not.toBe(sealed[1]);
    const payload = Buffer.from(sealed[0]?.split('.')[2] ?? '', 'base64').toString('latin1');
    for (const text of ['hush', 'AKID', 'bucket', KEY.toString('base64'), KEY.toString('hex').slice(0, 8)]) {
      expect(sealed[0]).not.toContain(text);
      expect(payload).not.toContain(text);
    }
  });

  it('is of no use to another key, and says which key it needs', () => {
    const sealed = cipher.seal('id-1', CONNECTION);
    const keyId = sealed.split('.')[1] ?? '';
    refused(() => new ConnectionCipher(randomBytes(32)).open('id-1', sealed), `encrypted with key ${keyId}`);
  });

  it('is of no use in another row', () => {
    const sealed = cipher.seal('id-1', CONNECTION);
    refused(() => cipher.open('id-2', sealed), 'damaged');
  });

  it('does not open with any one byte changed', () => {
    const [version = '', keyId = '', payload = ''] = cipher.seal('id-1', CONNECTION).split('.');
    const bytes = Buffer.from(payload, 'base64');
    for (let i = 0; i < bytes.length; i++) {
      const tampered = Buffer.from(bytes);
      tampered[i] = (tampered[i] ?? 0) ^ (1 << (i % 8));
      refused(() => cipher.open('id-1', [version, keyId, tampered.toString('base64')].join('.')), 'damaged');
    }
  });

  it('does not open cut at any length', () => {
    const sealed = cipher.seal('id-1', CONNECTION);
    // The last character before the padding may be cut off with it, as base64 has it.
    const whole = sealed.replace(/=+$/, '').length;
    for (let length = 0; length < whole; length++)
      refused(() => cipher.open('id-1', sealed.slice(0, length)));
  });

  it.each(['', 'v1', 'v1.', 'v2.00000000.AAAA', 'plain text', '{"scheme":"s3"}'])('%j is none', (text) => {
    refused(() => cipher.open('id-1', text));
  });
});
