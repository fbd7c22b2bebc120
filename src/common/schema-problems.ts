import type { z } from 'zod';

/** Every field that is wrong, and why, in one sentence without its end. */
export function schemaProblems(error: z.ZodError): string {
  const problems = error.issues.map((issue) => {
    const field = issue.path.join('.');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  return problems.join('; ');
}
