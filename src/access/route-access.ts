import { SetMetadata } from '@nestjs/common';
import type { ObjectKind } from './privileges.js';
import { needs, type PrivilegeChoice, type Requirement } from './requirement.js';

export type RouteAccess = 'public' | Requirement;

const ROUTE_ACCESS = Symbol('route access');

/** The route answers without authentication. */
export const Public = (): MethodDecorator => SetMetadata(ROUTE_ACCESS, 'public' satisfies RouteAccess);

/**
 * The route requires the privilege. The guard checks privileges on the service and on the caller's session before the handler
 * runs; the service that finds any other object checks the rest.
 */
export const Requires = <Kind extends ObjectKind>(
  privilege: PrivilegeChoice<Kind>,
  kind: Kind,
): MethodDecorator => SetMetadata(ROUTE_ACCESS, needs(privilege, kind) satisfies RouteAccess);

const OPEN_TO_METRICS_TOKEN = Symbol('open to METRICS_TOKEN');

/** The route also answers who has the token of the setting `METRICS_TOKEN`, who is no user. */
export const OpenToMetricsToken = (): MethodDecorator => SetMetadata(OPEN_TO_METRICS_TOKEN, true);

export function isOpenToMetricsToken(handler: object): boolean {
  return Reflect.hasMetadata(OPEN_TO_METRICS_TOKEN, handler);
}

/** Reads the declaration of a route's handler. Controllers declare nothing, so that a new route inherits nothing. */
export function routeAccess(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined; // set by the two decorators
}
