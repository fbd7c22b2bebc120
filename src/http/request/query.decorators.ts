import { applyDecorators, Query, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { RequestError } from './request-error.js';
import { declareQuery, type QueryRule } from './route-input.js';
import { SchemaPipe } from './schema.pipe.js';
import type { TypedParameter } from './typed-parameter.js';

/** Injects the parameters of the URL, parsed by a schema. */
export function QueryParams<Schema extends z.ZodType>(schema: Schema): TypedParameter<z.output<Schema>> {
  const bind = Query({ schema, pipes: [new SchemaPipe(schema)] });
  return (controller, name, index) => {
    declareQuery(controller[name] as object, { kind: 'Parameters', schema }); // a method: `index` is one of its parameters
    bind(controller, name, index);
  };
}

/**
 * For routes without a query: rejects any parameter by name, before a body is read.
 *
 * @param advice end of the error message.
 */
export function NoQuery(advice = 'this route takes none.'): MethodDecorator {
  return applyDecorators(declaring({ kind: 'None' }), UseGuards(new NoQueryGuard(advice)));
}

/** For routes whose URL ends in a file name. */
export function NoQueryOfFile(): MethodDecorator {
  return NoQuery('the route of a file takes none. Where the ? is a part of the file name, write it as %3F.');
}

/** For routes that ignore their query. */
export function IgnoreQuery(): ClassDecorator & MethodDecorator {
  return declaring({ kind: 'Ignored' });
}

function declaring(rule: QueryRule): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    declareQuery((descriptor?.value as object | undefined) ?? target, rule); // the method, else the class
  };
}

/** Checks the URL only: a request without a query costs no parsing. */
class NoQueryGuard implements CanActivate {
  readonly #advice: string;

  constructor(advice: string) {
    this.#advice = advice;
  }

  /** @throws RequestError that names the parameters. */
  canActivate(context: ExecutionContext): boolean {
    const { url = '' } = context.switchToHttp().getRequest<IncomingMessage>();
    const mark = url.indexOf('?');
    if (mark === -1) return true;
    const names = [...new Set(new URLSearchParams(url.slice(mark)).keys())].slice(0, 10);
    const description = names.length === 0 ? 'a query' : `the parameter ${names.join(', ')}`;
    throw new RequestError('InvalidRequest', `The URL has ${description.slice(0, 200)}: ${this.#advice}`);
  }
}
