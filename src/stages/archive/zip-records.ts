/** Names are UTF-8. */
const UTF8_NAMES = 0x0800;
/** The checksum follows the content. */
const CHECKSUM_BEHIND = 0x0008;
const VERSION = 20;
const VERSION_ZIP64 = 45;
/** Made on Unix, so that the upper half of the attributes is a file's mode. */
const MADE_BY = (3 << 8) | VERSION_ZIP64;
const REGULAR_FILE_MODE = 0o100644;
const STORED = 0;
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;

/** A file of an archive, whose content is stored as it is. */
export interface ZipEntry {
  readonly name: Buffer;
  readonly size: number;
  readonly modified: Date;
}

/** An entry whose content is in the archive. */
export interface WrittenEntry extends ZipEntry {
  readonly crc32: number;
  /** Of its local header. */
  readonly offset: number;
  readonly isChecksumBehind: boolean;
}

/** The header before a content. @param crc32 undefined if it follows the content. */
export function localHeader(entry: ZipEntry, crc32: number | undefined): Buffer {
  const extra = Buffer.concat([
    isLong(entry) ? zip64Field(entry.size, entry.size) : Buffer.alloc(0),
    time(entry),
  ]);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(isLong(entry) ? VERSION_ZIP64 : VERSION, 4);
  header.writeUInt16LE(UTF8_NAMES | (crc32 === undefined ? CHECKSUM_BEHIND : 0), 6);
  header.writeUInt16LE(STORED, 8);
  header.writeUInt32LE(dosTime(entry.modified), 10);
  header.writeUInt32LE(crc32 ?? 0, 14);
  header.writeUInt32LE(Math.min(entry.size, MAX_32), 18);
  header.writeUInt32LE(Math.min(entry.size, MAX_32), 22);
  header.writeUInt16LE(entry.name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, entry.name, extra]);
}

/** The record behind a content whose checksum was not known before. */
export function dataDescriptor(entry: ZipEntry, crc32: number): Buffer {
  const record = Buffer.alloc(isLong(entry) ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc32, 4);
  if (isLong(entry)) {
    record.writeBigUInt64LE(BigInt(entry.size), 8);
    record.writeBigUInt64LE(BigInt(entry.size), 16);
  } else {
    record.writeUInt32LE(entry.size, 8);
    record.writeUInt32LE(entry.size, 12);
  }
  return record;
}

/** The entry's record in the directory at the end of the archive. */
export function directoryRecord(entry: WrittenEntry): Buffer {
  const { size, offset, isChecksumBehind } = entry;
  const numbers = [...(isLong(entry) ? [size, size] : []), ...(offset >= MAX_32 ? [offset] : [])];
  const extra = Buffer.concat([numbers.length === 0 ? Buffer.alloc(0) : zip64Field(...numbers), time(entry)]);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(MADE_BY, 4);
  record.writeUInt16LE(numbers.length === 0 ? VERSION : VERSION_ZIP64, 6);
  record.writeUInt16LE(UTF8_NAMES | (isChecksumBehind ? CHECKSUM_BEHIND : 0), 8);
  record.writeUInt16LE(STORED, 10);
  record.writeUInt32LE(dosTime(entry.modified), 12);
  record.writeUInt32LE(entry.crc32, 16);
  record.writeUInt32LE(Math.min(size, MAX_32), 20);
  record.writeUInt32LE(Math.min(size, MAX_32), 24);
  record.writeUInt16LE(entry.name.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE((REGULAR_FILE_MODE << 16) >>> 0, 38);
  record.writeUInt32LE(Math.min(offset, MAX_32), 42);
  return Buffer.concat([record, entry.name, extra]);
}

/** The position and length of the directory. */
export interface DirectoryPlace {
  readonly entries: number;
  readonly offset: number;
  readonly bytes: number;
}

/** The end of the archive; with the records of ZIP64 if it needs them. */
export function endOfArchive({ entries, offset, bytes }: DirectoryPlace): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, MAX_16), 8);
  end.writeUInt16LE(Math.min(entries, MAX_16), 10);
  end.writeUInt32LE(Math.min(bytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (entries < MAX_16 && bytes < MAX_32 && offset < MAX_32) return end;
  const long = Buffer.alloc(56);
  long.writeUInt32LE(0x06064b50, 0);
  long.writeBigUInt64LE(44n, 4);
  long.writeUInt16LE(MADE_BY, 12);
  long.writeUInt16LE(VERSION_ZIP64, 14);
  long.writeBigUInt64LE(BigInt(entries), 24);
  long.writeBigUInt64LE(BigInt(entries), 32);
  long.writeBigUInt64LE(BigInt(bytes), 40);
  long.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([long, locator, end]);
}

function isLong({ size }: ZipEntry): boolean {
  return size >= MAX_32;
}

function zip64Field(...numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  numbers.forEach((number, index) => field.writeBigUInt64LE(BigInt(number), 4 + 8 * index));
  return field;
}

/** The time in seconds of UTC, because that of the header is local and even; empty if 32 bits cannot hold it. */
function time({ modified }: ZipEntry): Buffer {
  const seconds = Math.floor(modified.getTime() / 1000);
  if (seconds < 0 || seconds > 0x7fffffff) return Buffer.alloc(0);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(seconds, 5);
  return field;
}

/** Date and time of MS-DOS, from 1980 to 2107. */
function dosTime(modified: Date): number {
  const year = Math.min(127, Math.max(0, modified.getUTCFullYear() - 1980));
  const date = (year << 9) | ((modified.getUTCMonth() + 1) << 5) | modified.getUTCDate();
  const seconds =
    (modified.getUTCHours() << 11) | (modified.getUTCMinutes() << 5) | (modified.getUTCSeconds() >> 1);
  return ((date << 16) | seconds) >>> 0;
}
