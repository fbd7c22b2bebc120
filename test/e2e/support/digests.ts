import { createHash } from 'node:crypto';

/** RFC 9260, bit by bit: nothing of the server's own code, and fast enough for a few megabytes. */
const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC32_POLYNOMIAL = 0xedb88320;

export function hexMd5(content: Buffer | string): string {
  return createHash('md5').update(content).digest('hex');
}

/** By a name of `node:crypto`, in base64. */
export function base64Digest(algorithm: string, content: Buffer): string {
  return createHash(algorithm).update(content).digest('base64');
}

export function base64Crc32(content: Buffer): string {
  return crcOf(content, CRC32_POLYNOMIAL);
}

export function base64Crc32c(content: Buffer): string {
  return crcOf(content, CRC32C_POLYNOMIAL);
}

function crcOf(content: Buffer, polynomial: number): string {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? polynomial : 0);
    return value;
  });
  let crc = 0xffffffff;
  for (const byte of content) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(~crc >>> 0);
  return bytes.toString('base64');
}
