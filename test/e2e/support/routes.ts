import { ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { declaredRoutes as routesOf, type DeclaredRoute } from '../../../src/openapi/declared-routes.js';

/** A method of a controller, and what it answers. */
export interface Route extends DeclaredRoute {
  /** `GET /v1/stages/:name` */
  readonly line: string;
}

/** Each route that a controller declares. */
export function declaredRoutes(app: NestExpressApplication): Route[] {
  return routesOf(app.get(ModulesContainer)).map((route) => ({
    ...route,
    line: `${route.method} ${route.path}`,
  }));
}

/** Each route that Express knows, in the same form. */
export function routerLines(app: NestExpressApplication): string[] {
  const express = app.getHttpAdapter().getInstance();
  return express.router.stack.flatMap(({ route }) =>
    route === undefined ? [] : route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`),
  );
}
