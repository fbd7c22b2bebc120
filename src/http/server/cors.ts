import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';

/** Response headers that scripts may read, besides those that every script may read. */
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
/** Seconds. Browsers cache a preflight for at most two hours. */
const PREFLIGHT_SECONDS = 7200;

/**
 * Allows pages of these origins to call every route, with credentials set by their own scripts. Cookies are not used,
 * so a browser never adds credentials by itself.
 */
export function corsOptions(origins: readonly string[]): CorsOptions {
  return { origin: [...origins], exposedHeaders: EXPOSED, maxAge: PREFLIGHT_SECONDS };
}
