import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import { jsonBody } from './json-body.js';
import { declareBody } from './route-input.js';
import { SchemaPipe, type Refusal } from './schema.pipe.js';
import type { TypedParameter } from './typed-parameter.js';

const ReadBody = createParamDecorator((_data: undefined, context: ExecutionContext): Promise<unknown> =>
  jsonBody(context.switchToHttp().getRequest<Request>()),
);

/**
 * Injects the JSON body of a request, parsed by a schema. It is read after all guards have accepted the request. The
 * schema receives undefined if there is no body.
 *
 * @param refusal creates the error for an invalid body.
 */
export function JsonBody<Schema extends z.ZodType>(
  schema: Schema,
  refusal?: Refusal,
): TypedParameter<z.output<Schema>> {
  const bind = ReadBody({ schema, pipes: [new SchemaPipe(schema, refusal)] });
  return (controller, name, index) => {
    declareBody(controller[name] as object, schema); // a method: `index` is one of its parameters
    bind(controller, name, index);
  };
}
