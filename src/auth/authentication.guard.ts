import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import type { Principal } from '../access/principal.js';
import { requireDeclared } from '../access/requirement.js';
import { routeAccess } from '../access/route-access.js';
import { RunningRequests } from './running-requests.js';

/**
 * Guards every route: accepts `@Public()` routes, and users that a strategy authenticates and that have the route's
 * required access. The Basic strategy handles everything except bearer tokens, and reports what is wrong with it.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['bearer', 'basic']) implements CanActivate {
  constructor(private readonly running: RunningRequests) {
    super({ session: false, property: 'principal' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const access = routeAccess(handler);
    if (access === 'public') return true;
    await super.canActivate(context);
    if (access === undefined)
      throw new TypeError(`${context.getClass().name}.${handler.name} declares no access: it is closed`);
    const request = context.switchToHttp().getRequest<Request & { principal: Principal }>();
    requireDeclared(request.principal, access);
    if (access.kind === 'stage')
      this.running.track(request.principal, request, context.switchToHttp().getResponse());
    return true;
  }
}
