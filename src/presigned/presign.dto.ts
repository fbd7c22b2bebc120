import { z } from 'zod';
import type { PresignTarget } from './presign-target.js';

/** The body of a request for a presigned URL. */
export const PRESIGN = z
  .strictObject({
    method: z.preprocess(toUpperCase, z.enum(['GET', 'PUT'], 'must be GET or PUT')),
    path: z.string(),
    expires_in_seconds: z.number().nullish(),
    content_type: z.string().nullish(),
    max_bytes: z.number().nullish(),
  })
  .refine(
    ({ method, content_type, max_bytes }) => method === 'PUT' || (content_type ?? max_bytes) == null,
    'content_type and max_bytes are for PUT alone',
  );

export type PresignBody = z.output<typeof PRESIGN>;

export function presignTargetFrom({ method, path, ...body }: PresignBody): PresignTarget {
  return {
    method,
    path,
    expiresInSeconds: body.expires_in_seconds ?? undefined,
    contentType: body.content_type ?? undefined,
    maxBytes: body.max_bytes ?? undefined,
  };
}

function toUpperCase(method: unknown): unknown {
  return typeof method === 'string' ? method.toUpperCase() : method;
}
