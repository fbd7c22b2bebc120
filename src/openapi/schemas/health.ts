import { z } from 'zod';

/** A check of `/ready`. */
export const HEALTH_CHECK = z
  .looseObject({
    check: z.string().meta({ description: '`database`, `storage`, `disk` or `shutdown`.' }),
    ok: z.boolean(),
    slow: z.literal(true).optional().meta({ description: 'It succeeds, and takes long.' }),
    reason: z.string().optional().meta({ description: 'Why it fails. It names no host, bucket or path.' }),
  })
  .meta({ id: 'HealthCheck', description: 'Whether one thing that requests need is there.' });
