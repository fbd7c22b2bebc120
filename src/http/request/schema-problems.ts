import { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Beginnings of zod's own messages. Other messages are those of a schema. */
const OF_ZOD = /^(?:Invalid|Too |Unrecognized)/;

/**
 * Describes every invalid field and its valid form, in one sentence without its end. Repeats no value: it may be a
 * secret.
 *
 * @param schema names the existing fields, if it describes an object.
 */
export function schemaProblems(error: z.ZodError, schema?: z.ZodType): string {
  return error.issues.map((issue) => problemOf(issue, schema)).join('; ');
}

function problemOf(issue: Issue, schema: z.ZodType | undefined): string {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return unknownFields(issue.keys, schema);
  if (!OF_ZOD.test(issue.message)) return field === '' ? issue.message : `${field}: ${issue.message}`;
  return field === '' ? `The body ${expectedBy(issue)}` : `${field}: ${expectedBy(issue)}`;
}

function unknownFields(keys: readonly string[], schema: z.ZodType | undefined): string {
  const unknown = `${keys.join(', ')} ${keys.length === 1 ? 'is' : 'are'} unknown here`;
  return schema instanceof z.ZodObject
    ? `${unknown}: it takes ${Object.keys(schema.shape).join(', ')}`
    : unknown;
}

function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return expected([issue.expected], issue);
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union') {
    const types = issue.errors
      .flat()
      .flatMap((each) => (each.code === 'invalid_type' ? [each.expected] : []));
    return types.length === 0 ? 'cannot be used' : expected(types, issue);
  }
  if (issue.code === 'too_small') return `must be ${String(issue.minimum)} or more`;
  return issue.code === 'too_big' ? `must be ${String(issue.maximum)} or less` : issue.message;
}

/** JSON's terms for zod's types. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function expected(types: readonly string[], { message, input }: Issue): string {
  const names = [...new Set(types)].map((type) => TYPES[type] ?? type).join(' or ');
  // undefined means absent, or an input that zod did not report: its message tells which.
  if (input === undefined && message.endsWith('received undefined')) return `is missing: it must be ${names}`;
  if (types.includes('number') && typeof input === 'number') return 'must be a finite number'; // JSON's 1e400 is not
  const isOnlyFraction = types.includes('int') && typeof input === 'number';
  const actual = input === undefined || isOnlyFraction ? undefined : TYPES[typeOf(input)];
  return actual === undefined ? `must be ${names}` : `must be ${names}, not ${actual}`;
}

function typeOf(input: unknown): string {
  if (input === null) return 'null';
  return Array.isArray(input) ? 'array' : typeof input;
}
