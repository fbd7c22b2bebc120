import type { z } from 'zod';

/** Rule for the query of a route's URL. */
export type QueryRule =
  /** Any parameter is rejected. */
  | { readonly kind: 'None' }
  /** The query is ignored: clients and probes send parameters without a meaning here. */
  | { readonly kind: 'Ignored' }
  | { readonly kind: 'Parameters'; readonly schema: z.ZodType };

/** Input of a route as its decorators declare it: for tests and for the description of the API. */
export interface RouteInput {
  /** undefined if not declared. */
  readonly query: QueryRule | undefined;
  /** Schema of its JSON body; undefined if it reads none. */
  readonly body: z.ZodType | undefined;
}

const QUERY_RULE = 'queryRule';
const BODY_SCHEMA = 'bodySchema';

/** @param target a handler, or a controller as the default for its handlers. */
export function declareQuery(target: object, rule: QueryRule): void {
  Reflect.defineMetadata(QUERY_RULE, rule, target);
}

export function declareBody(handler: object, schema: z.ZodType): void {
  Reflect.defineMetadata(BODY_SCHEMA, schema, handler);
}

export function routeInput(handler: object, controller: object): RouteInput {
  // Only the functions above set these keys.
  return {
    query: (Reflect.getMetadata(QUERY_RULE, handler) ?? Reflect.getMetadata(QUERY_RULE, controller)) as
      QueryRule | undefined,
    body: Reflect.getMetadata(BODY_SCHEMA, handler) as z.ZodType | undefined,
  };
}
