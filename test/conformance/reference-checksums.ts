import { createHash } from 'node:crypto';
import type { ChecksumAlgorithm, Checksums } from '../../src/storage/contract/checksums.js';

/** Reflected polynomials of the two CRCs. */
const CRC32 = tableOf(0xedb88320);
const CRC32C = tableOf(0x82f63b78);

/** What a provider must compute of a content, found without the code under test. */
export function referenceChecksums(content: Buffer, algorithms: readonly ChecksumAlgorithm[]): Checksums {
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, reference(content, algorithm)]));
}

function reference(content: Buffer, algorithm: ChecksumAlgorithm): string {
  if (algorithm === 'crc32') return crc(CRC32, content);
  if (algorithm === 'crc32c') return crc(CRC32C, content);
  return createHash(algorithm).update(content).digest('hex');
}

function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

function crc(table: Uint32Array, content: Buffer): string {
  let value = 0xffffffff;
  for (const byte of content) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
