import type { z } from 'zod';
import { schemaProblems } from '../http/request/schema-problems.js';
import { StageError } from './stage-error.js';

/**
 * What a client sent, in the form that a schema asks for.
 *
 * @throws StageError of kind `InvalidRequest` that names every field that is wrong.
 */
export function parseRequest<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new StageError(
    'InvalidRequest',
    `The request cannot be used. ${schemaProblems(parsed.error, schema)}.`,
  );
}
