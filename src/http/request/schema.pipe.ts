import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { RequestError } from './request-error.js';
import { schemaProblems } from './schema-problems.js';

/** Creates an error from problems that cover every invalid field, in one sentence without its end. */
export type Refusal = (problems: string) => RequestError;

/** Parses an input by a schema. */
export class SchemaPipe<Schema extends z.ZodType> implements PipeTransform<unknown, z.output<Schema>> {
  readonly #schema: Schema;
  readonly #refusal: Refusal;

  constructor(schema: Schema, refusal: Refusal = invalidRequest) {
    this.#schema = schema;
    this.#refusal = refusal;
  }

  /** @throws RequestError that names every invalid field, and repeats no value. */
  transform(value: unknown): z.output<Schema> {
    const parsed = this.#schema.safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data;
    throw this.#refusal(schemaProblems(parsed.error, this.#schema));
  }
}

function invalidRequest(problems: string): RequestError {
  return new RequestError('InvalidRequest', `The request cannot be used. ${problems}.`);
}
