import { randomBytes } from 'node:crypto';
import { masterKeys } from '../../../src/keys/master-keys.js';
import { SealedBox } from '../../../src/keys/sealed-box.js';
import { encryptedByV1 } from '../../support/encrypted-by-v1.js';
import { ofKind } from '../of-kind.js';

const [KEY, OTHER] = [randomBytes(32), randomBytes(32)];
const CONNECTION = {
  scheme: 's3',
  url: 's3://bucket/日本/',
  rootPrefix: '日本/',
  options: { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'hush/hush+hush=' },
};
const under = (...keys: [Buffer, ...Buffer[]]): SealedBox => new SealedBox(masterKeys(keys));
const box = under(KEY);

function refused(open: () => unknown, message = 'cannot be read'): void {
  expect(open).toThrow(ofKind('UnreadableSecret'));
  expect(open).toThrow(message);
  expect(open).not.toThrow('hush');
}

describe('an encrypted text', () => {
  it('opens again, also with another box of the same key', () => {
    const encrypted = box.encrypt('id-1', CONNECTION);
    expect(box.decrypt('id-1', encrypted)).toEqual(CONNECTION);
    expect(under(Buffer.from(KEY)).decrypt('id-1', encrypted)).toEqual(CONNECTION);
  });

  it('holds nothing in clear, and is another text each time', () => {
    const encrypted = [box.encrypt('id-1', CONNECTION), box.encrypt('id-1', CONNECTION)];
    expect(encrypted[0]).not.toBe(encrypted[1]);
    const payload = Buffer.from(encrypted[0]?.split('.')[2] ?? '', 'base64').toString('latin1');
    for (const text of ['hush', 'AKID', 'bucket', KEY.toString('base64'), KEY.toString('hex').slice(0, 8)]) {
      expect(encrypted[0]).not.toContain(text);
      expect(payload).not.toContain(text);
    }
  });

  it('is of no use to another key, and says which key it needs', () => {
    const encrypted = box.encrypt('id-1', CONNECTION);
    const keyId = encrypted.split('.')[1] ?? '';
    refused(() => under(OTHER).decrypt('id-1', encrypted), `encrypted with key ${keyId}`);
  });

  it('decrypts with every listed key, and is encrypted with the first', () => {
    const old = box.encrypt('id-1', CONNECTION);
    const both = under(OTHER, KEY);
    expect(both.decrypt('id-1', old)).toEqual(CONNECTION);
    const renewed = both.encrypt('id-1', CONNECTION);
    expect(under(OTHER).decrypt('id-1', renewed)).toEqual(CONNECTION);
    refused(() => box.decrypt('id-1', renewed), `CONNECTION_KEY holds ${box.keyId}.`);
  });

  it('of a version that encrypted with the key itself decrypts, and nothing is encrypted with that key any more', () => {
    const old = encryptedByV1(KEY, 'id-1', CONNECTION);
    expect(box.decrypt('id-1', old)).toEqual(CONNECTION);
    expect(under(OTHER, KEY).decrypt('id-1', old)).toEqual(CONNECTION);
    refused(() => box.decrypt('id-2', old), 'damaged');
    const encrypted = box.encrypt('id-1', CONNECTION);
    expect(encrypted.startsWith(box.currentPrefix)).toBe(true);
    refused(() => box.decrypt('id-1', encrypted.replace('v2.', 'v1.')), 'damaged');
  });

  it('is of no use in another row', () => {
    const encrypted = box.encrypt('id-1', CONNECTION);
    refused(() => box.decrypt('id-2', encrypted), 'damaged');
  });

  it('does not open with any one byte changed', () => {
    const [version = '', keyId = '', payload = ''] = box.encrypt('id-1', CONNECTION).split('.');
    const bytes = Buffer.from(payload, 'base64');
    for (let i = 0; i < bytes.length; i++) {
      const tampered = Buffer.from(bytes);
      tampered[i] = (tampered[i] ?? 0) ^ (1 << (i % 8));
      refused(() => box.decrypt('id-1', [version, keyId, tampered.toString('base64')].join('.')), 'damaged');
    }
  });

  it('does not open cut at any length', () => {
    const encrypted = box.encrypt('id-1', CONNECTION);
    // The last character before the padding may be cut off with it, as base64 has it.
    const whole = encrypted.replace(/=+$/, '').length;
    for (let length = 0; length < whole; length++)
      refused(() => box.decrypt('id-1', encrypted.slice(0, length)));
  });

  it.each(['', 'v1', 'v1.', 'v2.00000000.AAAA', 'v3.00000000.AAAA', 'plain text', '{"scheme":"s3"}'])(
    '%j is none',
    (text) => {
      refused(() => box.decrypt('id-1', text));
    },
  );
});
