import type { Request } from 'express';

/** What load balancers and orchestrators ask all day. */
const PROBES = new Set(['/health', '/ready']);

export function isHealthCheck({ originalUrl }: Pick<Request, 'originalUrl'>): boolean {
  return PROBES.has(originalUrl);
}
