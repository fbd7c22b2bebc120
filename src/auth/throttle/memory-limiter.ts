import { createRequire } from 'node:module';
import type * as Limiters from 'rate-limiter-flexible';

type Module<Name extends keyof typeof Limiters> = (typeof Limiters)[Name];

const require = createRequire(import.meta.url);

/**
 * Imported by file: the package's index also loads its limiters for every database, 36 modules and 30 ms of each start.
 */
export const RateLimiterMemory =
  require('rate-limiter-flexible/lib/RateLimiterMemory.js') as Module<'RateLimiterMemory'>;
export const RateLimiterRes =
  require('rate-limiter-flexible/lib/RateLimiterRes.js') as Module<'RateLimiterRes'>;
