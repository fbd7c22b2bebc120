import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Principal } from '../access/principal.js';
import { requireDeclared } from '../access/requirement.js';
import { routeAccess } from '../access/route-access.js';

/**
 * Guards every route: accepts `@Public()` routes, and users that a strategy authenticates and that have the route's
 * required access. The Basic strategy handles everything except session tokens, and reports what is wrong with it.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['session-token', 'basic']) implements CanActivate {
  constructor() {
    super({ session: false, property: 'principal' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const access = routeAccess(handler);
    if (access === 'public') return true;
    await super.canActivate(context);
    if (access === undefined)
      throw new TypeError(`${context.getClass().name}.${handler.name} declares no access: it is closed`);
    const { principal } = context.switchToHttp().getRequest<{ principal: Principal }>();
    requireDeclared(principal, access);
    return true;
  }
}
