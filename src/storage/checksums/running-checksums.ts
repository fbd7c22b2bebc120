import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import type { ChecksumAlgorithm, Checksums } from '../contract/checksums.js';

/** Checksums of content that arrives in pieces, computed on the caller's thread. */
export class RunningChecksums {
  readonly #running: readonly (readonly [ChecksumAlgorithm, RunningChecksum])[];

  constructor(algorithms: readonly ChecksumAlgorithm[]) {
    this.#running = [...new Set(algorithms)].map((algorithm) => [algorithm, running(algorithm)]);
  }

  update(bytes: Buffer): void {
    for (const [, checksum] of this.#running) checksum.update(bytes);
  }

  result(): Checksums {
    return Object.fromEntries(this.#running.map(([algorithm, checksum]) => [algorithm, checksum.hex()]));
  }
}

/** Computes the checksums of buffers that are all in memory. */
export function checksumsOf(
  buffers: readonly Buffer[],
  algorithms: readonly ChecksumAlgorithm[] = [],
): Checksums {
  const running = new RunningChecksums(algorithms);
  for (const buffer of buffers) running.update(buffer);
  return running.result();
}

interface RunningChecksum {
  update(bytes: Buffer): void;
  hex(): string;
}

function running(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'crc32':
      return new RunningCrc(crc32);
    case 'crc32c':
      return new RunningCrc(crc32c);
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512':
      return new RunningHash(createHash(algorithm));
  }
}

class RunningHash implements RunningChecksum {
  readonly #hash: Hash;

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  update(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  hex(): string {
    return this.#hash.digest('hex');
  }
}

class RunningCrc implements RunningChecksum {
  readonly #next: (bytes: Buffer, initial: number) => number;
  #value = 0;

  constructor(next: (bytes: Buffer, initial: number) => number) {
    this.#next = next;
  }

  update(bytes: Buffer): void {
    this.#value = this.#next(bytes, this.#value);
  }

  hex(): string {
    return this.#value.toString(16).padStart(8, '0');
  }
}
