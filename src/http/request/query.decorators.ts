import { applyDecorators, Query, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { RequestError } from './request-error.js';
import { declareQuery, type QueryRule } from './route-input.js';
import { SchemaPipe } from './schema.pipe.js';
import type { TypedParameter } from './typed-parameter.js';

/** The parameters of the URL, as a schema makes them. */
export function QueryParams<Schema extends z.ZodType>(schema: Schema): TypedParameter<z.output<Schema>> {
  const bind = Query({ schema, pipes: [new SchemaPipe(schema)] });
  return (controller, name, index) => {
    declareQuery(controller[name] as object, { kind: 'Parameters', schema }); // a method: `index` is one of its parameters
    bind(controller, name, index);
  };
}

/**
 * For routes that take no query: any parameter is refused by name, before a body is read.
 *
 * @param advice what to write instead.
 */
export function NoQuery(advice = 'this route takes none.'): MethodDecorator {
  return applyDecorators(declaring({ kind: 'None' }), UseGuards(new NoQueryGuard(advice)));
}

/** For routes whose URL ends in a file's name. */
export function NoQueryOfFile(): MethodDecorator {
  return NoQuery('the route of a file takes none. Where the ? is a part of the file name, write it as %3F.');
}

/** For routes that pass a query over. */
export function IgnoreQuery(): ClassDecorator & MethodDecorator {
  return declaring({ kind: 'Ignored' });
}

function declaring(rule: QueryRule): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    declareQuery((descriptor?.value as object | undefined) ?? target, rule); // the method, else the class
  };
}

/** It looks at the URL alone: nothing is parsed for a request without a query. */
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
    const given = names.length === 0 ? 'a query' : `the parameter ${names.join(', ')}`;
    throw new RequestError('InvalidRequest', `The URL has ${given.slice(0, 200)}: ${this.#advice}`);
  }
}
