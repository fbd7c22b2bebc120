import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';

/** What a script may read of an answer, besides the few headers that any may. */
const EXPOSED = [
  'accept-ranges',
  'allow',
  'content-disposition',
  'content-md5',
  'content-range',
  'etag',
  'location',
  'retry-after',
  'x-databend-version',
  'x-request-id',
  'x-stagedoor-upload-id',
];
/** Seconds; browsers keep an answer to a preflight for two hours at most. */
const PREFLIGHT_SECONDS = 7200;

/**
 * Pages of these origins may call every route, with credentials that their own script sets. Cookies do not count here, so that a
 * browser never adds credentials by itself.
 */
export function corsOptions(origins: readonly string[]): CorsOptions {
  return { origin: [...origins], exposedHeaders: EXPOSED, maxAge: PREFLIGHT_SECONDS };
}
