import { SetMetadata } from '@nestjs/common';
import type { ObjectKind } from './privileges.js';
import { needs, type PrivilegeChoice, type Requirement } from './requirement.js';

export type RouteAccess = 'public' | Requirement;

const ROUTE_ACCESS = Symbol('what a route requires');

/** The route answers without authentication. */
export const Public = (): MethodDecorator => SetMetadata(ROUTE_ACCESS, 'public' satisfies RouteAccess);

/**
 * The route is for who has the privilege: on the service and on the caller's session the guard decides it before the handler
 * runs, on anything else whoever finds the object does.
 */
export const Requires = <Kind extends ObjectKind>(
  privilege: PrivilegeChoice<Kind>,
  kind: Kind,
): MethodDecorator => SetMetadata(ROUTE_ACCESS, needs(privilege, kind) satisfies RouteAccess);

/** What the handler of a route declares. Its controller declares nothing, so that a route added to it inherits nothing. */
export function routeAccess(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined; // as the two decorators set it
}
