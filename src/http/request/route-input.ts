import type { z } from 'zod';

/** What a route does with the query of its URL. */
export type QueryRule =
  /** Any parameter is refused. */
  | { readonly kind: 'None' }
  /** It is not looked at: clients and probes send parameters that mean nothing here. */
  | { readonly kind: 'Ignored' }
  | { readonly kind: 'Parameters'; readonly schema: z.ZodType };

/** What a route accepts, as its decorators say: for tests and for the description of the API. */
export interface RouteInput {
  /** undefined where nobody has decided. */
  readonly query: QueryRule | undefined;
  /** Of its JSON body; undefined where it reads none. */
  readonly body: z.ZodType | undefined;
}

const QUERY_RULE = 'queryRule';
const BODY_SCHEMA = 'bodySchema';

/** @param target a handler, or a controller for all of its handlers that say nothing else. */
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
