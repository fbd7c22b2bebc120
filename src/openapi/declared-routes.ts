import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';

/** A method of a controller, and what it answers. */
export interface DeclaredRoute {
  /** As in `GET`. */
  readonly method: string;
  /** In Express's form, as in `/v1/stages/:name`. */
  readonly path: string;
  readonly handler: object;
  readonly controller: Type;
}

/** Lists each route that a controller declares. */
export function declaredRoutes(modules: ModulesContainer): readonly DeclaredRoute[] {
  return [...modules.values()]
    .flatMap((module) => [...module.controllers.values()])
    .flatMap(({ metatype }) => routesOf(metatype as Type)); // controllers are classes
}

function routesOf(controller: Type): readonly DeclaredRoute[] {
  const prototype = controller.prototype as Readonly<Record<string, object>>; // of methods
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name] ?? {};
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod]; // Nest sets it
    return pathsOf(handler).flatMap((path) =>
      pathsOf(controller).map((base) => ({ method, path: joined(base, path), handler, controller })),
    );
  });
}

function pathsOf(target: object): readonly string[] {
  const paths = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined; // Nest sets it
  return paths === undefined ? [] : [paths].flat();
}

function joined(base: string, path: string): string {
  const parts = [base, path].map((part) => part.replace(/^\/|\/$/g, '')).filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
