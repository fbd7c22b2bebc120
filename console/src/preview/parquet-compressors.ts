import type { Compressors } from 'hyparquet';
import {
  decompressBrotli,
  decompressGzip,
  decompressLz4,
  decompressLz4Raw,
  decompressZstd,
} from 'hyparquet-compressors';

/** Without Snappy, which hyparquet has itself: that of this library is WebAssembly, which the policy of the page forbids. */
export const COMPRESSORS: Compressors = {
  GZIP: decompressGzip,
  BROTLI: (input, outputLength) => decompressBrotli(input, outputLength),
  ZSTD: (input) => decompressZstd(input),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};
