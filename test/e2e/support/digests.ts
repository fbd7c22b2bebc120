import { createHash } from 'node:crypto';
import { CRC32, CRC32C, crcOf } from '../../support/crc.js';

export function hexMd5(content: Buffer | string): string {
  return createHash('md5').update(content).digest('hex');
}

/** By a name of `node:crypto`, in base64. */
export function base64Digest(algorithm: string, content: Buffer): string {
  return createHash(algorithm).update(content).digest('base64');
}

export function base64Crc32(content: Buffer): string {
  return base64Crc(content, CRC32);
}

export function base64Crc32c(content: Buffer): string {
  return base64Crc(content, CRC32C);
}

function base64Crc(content: Buffer, polynomial: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crcOf(content, polynomial));
  return bytes.toString('base64');
}
