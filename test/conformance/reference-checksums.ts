import { createHash } from 'node:crypto';
import type { ChecksumAlgorithm, Checksums } from '../../src/storage/contract/checksums.js';
import { CRC32, CRC32C, crcOf } from '../support/crc.js';

/** What a provider must compute of a content, found without the code under test. */
export function referenceChecksums(content: Buffer, algorithms: readonly ChecksumAlgorithm[]): Checksums {
  return Object.fromEntries(algorithms.map((algorithm) => [algorithm, reference(content, algorithm)]));
}

function reference(content: Buffer, algorithm: ChecksumAlgorithm): string {
  if (algorithm === 'crc32') return hexCrc(content, CRC32);
  if (algorithm === 'crc32c') return hexCrc(content, CRC32C);
  return createHash(algorithm).update(content).digest('hex');
}

function hexCrc(content: Buffer, polynomial: number): string {
  return crcOf(content, polynomial).toString(16).padStart(8, '0');
}
