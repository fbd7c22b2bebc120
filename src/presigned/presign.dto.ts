import { z } from 'zod';
import { parseRequest } from '../stages/parse-request.js';
import type { PresignTarget } from './presign-target.js';

const PRESIGN = z
  .strictObject({
    method: z.preprocess(inUpperCase, z.enum(['GET', 'PUT'], 'must be GET or PUT')),
    path: z.string(),
    expires_in_seconds: z.number().nullish(),
    content_type: z.string().nullish(),
    max_bytes: z.number().nullish(),
  })
  .refine(
    ({ method, content_type, max_bytes }) => method === 'PUT' || (content_type ?? max_bytes) == null,
    'content_type and max_bytes are for PUT alone',
  );

/** Reads the body of a request for a presigned URL. @throws StageError of kind `InvalidRequest`. */
export function presignTargetFrom(json: unknown): PresignTarget {
  const { method, path, ...body } = parseRequest(PRESIGN, json);
  return {
    method,
    path,
    expiresInSeconds: body.expires_in_seconds ?? undefined,
    contentType: body.content_type ?? undefined,
    maxBytes: body.max_bytes ?? undefined,
  };
}

function inUpperCase(method: unknown): unknown {
  return typeof method === 'string' ? method.toUpperCase() : method;
}
