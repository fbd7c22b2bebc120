import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { routeAccess } from '../access/route-access.js';
import { allErrorKinds } from '../http/errors/error-table.js';
import { routeInput } from '../http/request/route-input.js';
import { declaredRoutes } from './declared-routes.js';

/** Keeps the description of the API. It is made, and all that it is made of is loaded, when somebody asks for it. */
@Injectable()
export class ApiDocument {
  #json: Promise<string> | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  /** Returns the document as JSON. */
  json(): Promise<string> {
    this.#json ??= this.#assemble();
    return this.#json;
  }

  async #assemble(): Promise<string> {
    const { apiDocument } = await import('./document/assemble.js');
    const routes = declaredRoutes(this.modules).map(({ method, path, handler, controller }) => ({
      method,
      path,
      input: routeInput(handler, controller),
      access: routeAccess(handler),
    }));
    return JSON.stringify(apiDocument(routes, allErrorKinds()));
  }
}
