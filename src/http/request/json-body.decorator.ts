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
 * The JSON body of a request, as a schema makes it. It is read when all guards have let the request in, and given as
 * undefined to the schema where there is none.
 *
 * @param refusal makes the error of a body that the schema does not take.
 */
export function JsonBody<Schema extends z.ZodType>(
  schema: Schema,
  refusal?: Refusal,
): TypedParameter<z.output<Schema>> {
  const bind = ReadBody({ schema, pipes: [new SchemaPipe(schema, refusal)] });
  return (controller, name, index) => {
    declareBody(controller[name] as object, schema); // it is a method: `index` is one of its parameters
    bind(controller, name, index);
  };
}
