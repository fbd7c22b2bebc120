import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** As the versions wrote it that encrypted with the key itself. */
export function encryptedByV1(key: Buffer, row: string, content: object): string {
  const id = createHash('sha256').update('stagedoor connection key id').update(key).digest('hex');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(row));
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  const payload = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64');
  return `v1.${id.slice(0, 8)}.${payload}`;
}
