import type { Request } from 'express';

/** Paths that load balancers and orchestrators poll. */
const PROBES = new Set(['/health', '/ready']);

export function isHealthCheck({ originalUrl }: Pick<Request, 'originalUrl'>): boolean {
  return PROBES.has(originalUrl);
}
