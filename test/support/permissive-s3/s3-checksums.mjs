import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** @typedef {keyof typeof CHECKSUMS} ChecksumName */
/** @typedef {{ name: ChecksumName, value: string }} Checksum */

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => shifted(byte, 8, 0x82f63b78));
const CRC64_TABLE = BigUint64Array.from({ length: 256 }, (_, byte) => shifted64(BigInt(byte)));

/**
 * @param {number} value
 * @param {number} times
 * @param {number} polynomial
 * @returns {number}
 */
function shifted(value, times, polynomial) {
  if (times === 0) return value >>> 0;
  return shifted(value & 1 ? (value >>> 1) ^ polynomial : value >>> 1, times - 1, polynomial);
}

/**
 * @param {bigint} value
 * @param {number} [times]
 * @returns {bigint}
 */
function shifted64(value, times = 8) {
  if (times === 0) return value;
  return shifted64(value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n, times - 1);
}

/** @param {Buffer} bytes */
function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** @param {Buffer} bytes */
function crc64nvme(bytes) {
  const all = 0xffffffffffffffffn;
  let crc = all;
  for (const byte of bytes) crc = (CRC64_TABLE[Number((crc ^ BigInt(byte)) & 0xffn)] ?? 0n) ^ (crc >> 8n);
  return crc ^ all;
}

/**
 * @param {number | bigint} value
 * @param {number} bytes
 */
function inBase64(value, bytes) {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex').toString('base64');
}

/**
 * All that S3 knows, by the name that stands in headers, in base64 as it stands there.
 * @satisfies {Record<string, (bytes: Buffer) => string>}
 */
export const CHECKSUMS = {
  crc32: (bytes) => inBase64(crc32(bytes), 4),
  crc32c: (bytes) => inBase64(crc32c(bytes), 4),
  crc64nvme: (bytes) => inBase64(crc64nvme(bytes), 8),
  sha1: (bytes) => createHash('sha1').update(bytes).digest('base64'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
};

export const CHECKSUM_NAMES = /** @type {readonly ChecksumName[]} */ (Object.keys(CHECKSUMS)); // it has no other keys
