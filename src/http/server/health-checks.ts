import type { Request } from 'express';

/** Paths that load balancers and orchestrators poll. */
const PROBES = new Set(['/health', '/ready']);
const SAMPLED_AFTER_MS = 600_000;

export function isHealthCheck({ originalUrl }: Pick<Request, 'originalUrl'>): boolean {
  return PROBES.has(originalUrl);
}

interface Sampled {
  readonly status: number | null;
  readonly at: number;
  /** Checks since then. */
  skipped: number;
}

/**
 * Chooses the health checks that the log shows: of each path the first one, each whose status differs from that of the one before,
 * and one in ten minutes.
 */
export class HealthCheckSample {
  readonly #sampled = new Map<string, Sampled>();

  /** @returns the number of checks that this one stands for; undefined if the log does not show it. */
  take(path: string, status: number | null, now = performance.now()): number | undefined {
    const last = this.#sampled.get(path);
    if (last?.status === status && now - last.at < SAMPLED_AFTER_MS) {
      last.skipped++;
      return undefined;
    }
    this.#sampled.set(path, { status, at: now, skipped: 0 });
    return (last?.skipped ?? 0) + 1;
  }
}
