import type { z } from 'zod';
import { StageError } from '../stage-error.js';

/**
 * What a client sent, in the form that a schema asks for.
 *
 * @throws StageError of kind `InvalidRequest` that names every field that is wrong.
 */
export function parseRequest<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const field = issue.path.join('.');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  throw new StageError('InvalidRequest', `The request cannot be used. ${problems.join('; ')}.`);
}
