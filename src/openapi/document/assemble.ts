import type { Operation } from './description.js';
import { ErrorAnswers, type KindRow } from './error-answers.js';
import { headerObjects, headerParameters } from './headers.js';
import { INFO, SECURITY_SCHEMES } from './info.js';
import type { JsonSchema } from './json-schema.js';
import { OperationObjects, type DocumentedRoute } from './operation-object.js';
import { pathParameterObjects } from './path-parameters.js';
import { SchemaComponents } from './schema-components.js';
import { shareAnswers } from './shared-answers.js';
import { ALL_ROUTES } from '../routes/all-routes.js';
import { ERROR } from '../schemas/error.js';

/** A route with its path in Express's form. */
export interface RouterRoute extends DocumentedRoute {
  /** As in `/v1/query/:id/page/:page{/:cursor}`. */
  readonly path: string;
}

/**
 * Describes the API by OpenAPI 3.1.
 *
 * @param routes all routes of the router.
 * @param kinds all kinds of errors, with their status.
 * @throws TypeError for a route without a description, or a description without a route.
 */
export function apiDocument(routes: readonly RouterRoute[], kinds: readonly KindRow[]): JsonSchema {
  const schemas = new SchemaComponents();
  schemas.ofAnswer(ERROR);
  const objects = new OperationObjects(schemas, new ErrorAnswers(kinds));
  const declared = new Map(routes.flatMap(spelledOut).map((route) => [lineOf(route), route]));
  const paths = new Map<string, Record<string, JsonSchema>>();
  for (const { line, operation, tag } of describedOperations()) {
    const route = declared.get(line);
    if (route === undefined) throw new TypeError(`there is no route ${line} to describe`);
    declared.delete(line);
    const operations = paths.get(route.path) ?? {};
    operations[route.method.toLowerCase()] = objects.of(route, operation, tag);
    paths.set(route.path, operations);
  }
  const [missing] = declared.keys();
  if (missing !== undefined) throw new TypeError(`the route ${missing} is not described`);
  const shared = shareAnswers(Object.fromEntries(paths));
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    security: [{ basic: [] }, { bearer: [] }],
    tags: ALL_ROUTES.map(({ tag, description }) => ({ name: tag, description })),
    paths: shared.paths,
    components: {
      schemas: schemas.all,
      parameters: { ...pathParameterObjects(), ...headerParameters() },
      headers: headerObjects(),
      responses: shared.responses,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

interface DescribedOperation {
  /** As in `GET /v1/stages/{name}`. */
  readonly line: string;
  readonly tag: string;
  readonly operation: Operation;
}

function describedOperations(): readonly DescribedOperation[] {
  return ALL_ROUTES.flatMap(({ tag, operations }) =>
    Object.entries(operations).map(([line, operation]) => ({ line, tag, operation })),
  );
}

/** Returns a route for each of its paths in the form of OpenAPI: one with and one without what is optional. */
function spelledOut(route: RouterRoute): readonly DocumentedRoute[] {
  const [optional, inner = ''] = /\{([^}]*)\}/.exec(route.path) ?? [];
  const paths =
    optional === undefined
      ? [route.path]
      : [route.path.replace(optional, ''), route.path.replace(optional, inner)];
  return paths.map((path) => ({ ...route, path: path.replace(/[:*](\w+)/g, '{$1}') }));
}

function lineOf({ method, path }: DocumentedRoute): string {
  return `${method} ${path}`;
}
