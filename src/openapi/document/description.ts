import type { z } from 'zod';
import type { AnsweredKind } from '../../http/errors/error-table.js';
import type { AnswerHeader, RequestHeader } from './headers.js';
import type { JsonSchema } from './json-schema.js';

/** Description of a field of a request: a text, or a text with a schema that says more than the one that validates. */
export type FieldText = string | (JsonSchema & { readonly description: string });

/** Description of the fields of a request, by name; a field of an inner object as `outer.inner`. */
export type FieldTexts = Readonly<Record<string, FieldText>>;

/** Description of a JSON body. Its schema is the one that validates it. */
export interface BodyText {
  /** Name of the schema in the document. */
  readonly id: string;
  readonly fields: FieldTexts;
  /** Bodies that can be sent. */
  readonly examples: readonly JsonSchema[];
}

/** Schemas by media type. A zod schema describes what the server sends. */
export type Content = Readonly<Record<string, z.ZodType | JsonSchema>>;

export interface Answer {
  readonly description: string;
  readonly headers?: readonly AnswerHeader[];
  readonly content?: Content;
}

/** All that a route's decorators do not say of it. */
export interface Operation {
  /** Unique; the name of a method in a generated client. */
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  readonly description?: string;
  readonly query?: FieldTexts;
  readonly headers?: readonly RequestHeader[];
  /** Headers of every answer, of errors too. */
  readonly answerHeaders?: readonly AnswerHeader[];
  /** Required where the route reads JSON. */
  readonly body?: BodyText;
  /** A body that is not JSON. */
  readonly content?: Readonly<Record<string, JsonSchema>>;
  /** Schemes other than those of every route that needs a user. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Answers by status, other than errors. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Errors of its own. Those of every route, of signing in and of reading its input are added. */
  readonly fails?: readonly AnsweredKind[];
}

/** Operations of one tag, by method and path as in `GET /v1/stages/{name}`. */
export interface Routes {
  readonly tag: string;
  readonly description: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

export function json(description: string, schema: z.ZodType, headers: readonly AnswerHeader[] = []): Answer {
  return { description, headers, content: { 'application/json': schema } };
}

export function empty(description: string, headers: readonly AnswerHeader[] = []): Answer {
  return { description, headers };
}
