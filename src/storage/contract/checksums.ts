/** Digests that can be computed while content is streamed. */
export const CHECKSUM_ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512', 'crc32', 'crc32c'] as const;

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Digests by algorithm, in lower-case hex. */
export type Checksums = Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
