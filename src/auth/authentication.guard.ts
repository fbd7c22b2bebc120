import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Principal } from '../access/principal.js';
import { requireDeclared } from '../access/requirement.js';
import { routeAccess } from '../access/route-access.js';

/**
 * The guard of every route. Lets in what is marked `@Public()`, and whom a strategy knows, if it has what the route requires.
 * Whatever is no session token is for the Basic strategy, which says what is wrong with it.
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
