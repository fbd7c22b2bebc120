import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** A method of a controller, and what it answers. */
export interface Route {
  /** `GET /v1/stages/:name` */
  readonly line: string;
  readonly handler: object;
  readonly controller: Type;
}

/** Each route that a controller declares. */
export function declaredRoutes(app: NestExpressApplication): Route[] {
  const modules = [...app.get(ModulesContainer).values()];
  return modules
    .flatMap((module) => [...module.controllers.values()])
    .flatMap(({ metatype }) => routesOf(metatype as Type)); // controllers are classes
}

function routesOf(controller: Type): Route[] {
  const prototype = controller.prototype as Readonly<Record<string, object>>; // of methods
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name] ?? {};
    return pathsOf(handler).flatMap((path) =>
      pathsOf(controller).map((base) => {
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
        const url = [base, path].map((part) => part.replace(/^\/|\/$/g, '')).filter((part) => part !== '');
        return { line: `${method} /${url.join('/')}`, handler, controller };
      }),
    );
  });
}

function pathsOf(target: object): string[] {
  const paths = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined; // Nest sets it
  return paths === undefined ? [] : [paths].flat();
}

/** Each route that Express knows, in the same form. */
export function routerLines(app: NestExpressApplication): string[] {
  const express = app.getHttpAdapter().getInstance();
  return express.router.stack.flatMap(({ route }) =>
    route === undefined ? [] : route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`),
  );
}
