import { z } from 'zod';
import type { AnsweredKind } from '../../http/errors/error-table.js';
import type { RouteInput } from '../../http/request/route-input.js';
import type { RouteAccess } from '../../access/route-access.js';
import type { Answer, Content, Operation } from './description.js';
import type { ErrorAnswers } from './error-answers.js';
import { OF_ANY_REQUEST, OF_JSON, OF_REMOVING, OF_SIGNING_IN } from './error-groups.js';
import { ANSWER_HEADERS } from './headers.js';
import type { JsonSchema } from './json-schema.js';
import { pathParameters } from './path-parameters.js';
import type { SchemaComponents } from './schema-components.js';

/** A route as its decorators declare it. */
export interface DocumentedRoute {
  readonly method: string;
  /** As in `/v1/stages/{name}`. */
  readonly path: string;
  readonly input: RouteInput;
  readonly access: RouteAccess | undefined;
}

/** Makes operation objects of what routes declare and of what is written of them. */
export class OperationObjects {
  readonly #schemas: SchemaComponents;
  readonly #errors: ErrorAnswers;

  constructor(schemas: SchemaComponents, errors: ErrorAnswers) {
    this.#schemas = schemas;
    this.#errors = errors;
  }

  of(route: DocumentedRoute, operation: Operation, tag: string): JsonSchema {
    const parameters = [
      ...pathParameters(route.path),
      ...this.#queryParameters(route, operation),
      ...(operation.headers ?? []).map((id) => ({ $ref: `#/components/parameters/${id}Header` })),
    ];
    const description = [operation.description, privilegeText(route.access)].filter(
      (text) => text !== undefined,
    );
    const security = operation.security ?? (route.access === 'public' ? [] : undefined);
    const requestBody = this.#requestBody(route, operation);
    return {
      operationId: operation.id,
      tags: [tag],
      summary: operation.summary,
      ...(description.length === 0 ? {} : { description: description.join('\n\n') }),
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(requestBody === undefined ? {} : { requestBody }),
      responses: this.#responses(route, operation),
      ...(security === undefined ? {} : { security }),
    };
  }

  #queryParameters({ input }: DocumentedRoute, { query = {} }: Operation): readonly JsonSchema[] {
    if (input.query?.kind !== 'Parameters') return [];
    const json = this.#schemas.ofRequest(input.query.schema, query);
    const required = (json['required'] ?? []) as readonly string[]; // by JSON schema
    const properties = (json['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>; // by JSON schema
    return Object.entries(properties).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      description,
      required: required.includes(name),
      schema,
    }));
  }

  #requestBody({ input, path }: DocumentedRoute, { body, content }: Operation): JsonSchema | undefined {
    if (input.body === undefined) return content === undefined ? undefined : { required: true, content };
    if (body === undefined) throw new TypeError(`the body of ${path} is not described`);
    const schema = { ...this.#schemas.ofRequest(input.body, body.fields), examples: body.examples };
    return {
      required: !input.body.safeParse(undefined).success,
      content: { 'application/json': { schema: this.#schemas.add(body.id, schema) } },
    };
  }

  #responses(route: DocumentedRoute, operation: Operation): JsonSchema {
    const answers = { ...operation.answers, ...this.#errors.of(kindsOf(route, operation)) };
    const hasBody = route.method !== 'HEAD';
    return Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => {
        const headers = [...(operation.answerHeaders ?? []), ...(answer.headers ?? [])];
        return [status, this.#response({ ...answer, headers }, hasBody)];
      }),
    );
  }

  #response({ description, headers = [], content }: Answer, hasBody: boolean): JsonSchema {
    const all = ['RequestId', 'Version', ...headers] as const;
    return {
      description,
      headers: Object.fromEntries(
        all.map((id) => [ANSWER_HEADERS[id].name, { $ref: `#/components/headers/${id}` }]),
      ),
      ...(content === undefined || !hasBody ? {} : { content: this.#content(content) }),
    };
  }

  #content(content: Content): JsonSchema {
    return Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [
        type,
        { schema: schema instanceof z.ZodType ? this.#schemas.ofAnswer(schema) : schema },
      ]),
    );
  }
}

/** Every kind of error that a route can answer. */
function kindsOf(
  { method, input, access }: DocumentedRoute,
  { fails = [] }: Operation,
): readonly AnsweredKind[] {
  return [
    ...OF_ANY_REQUEST,
    ...(access === 'public' ? [] : OF_SIGNING_IN),
    ...(input.body === undefined ? [] : OF_JSON),
    ...(method === 'DELETE' ? OF_REMOVING : []),
    ...fails,
  ];
}

function privilegeText(access: RouteAccess | undefined): string | undefined {
  if (access === undefined || access === 'public') return undefined;
  const privileges = access.privileges.map((privilege) => `\`${privilege}\``).join(' or ');
  return `Privilege: ${privileges} (${access.kind}).`;
}
