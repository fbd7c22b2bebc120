import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import type { Principal, RequestOrigin } from '../access/principal.js';
import { requireDeclared } from '../access/requirement.js';
import { isOpenToMetricsToken, routeAccess } from '../access/route-access.js';
import { SignIns } from '../audit/trail/sign-ins.js';
import { clientAddress } from '../http/request/forwarding.js';
import { REQUEST_ID_HEADER } from '../http/request/request-id-header.js';
import { MetricsToken } from '../metrics/metrics-token.js';
import { isTokenText } from '../users/tokens/api-token.js';
import { AcceptedRequests } from './running/accepted-requests.js';
import { bearerToken } from './bearer-token.js';
import { SignInMetrics } from './sign-in-metrics.js';

/**
 * Guards every route: accepts `@Public()` routes, and users that a strategy authenticates and that have the route's
 * required access. The Basic strategy handles everything except bearer tokens, and reports what is wrong with it.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['bearer', 'basic']) implements CanActivate {
  constructor(
    private readonly accepted: AcceptedRequests,
    private readonly metrics: SignInMetrics,
    private readonly metricsToken: MetricsToken,
    private readonly signIns: SignIns,
  ) {
    super({ session: false, property: 'principal' });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const access = routeAccess(handler);
    if (access === 'public') return true;
    if (this.#hasMetricsToken(context)) return true;
    await this.#authenticate(context);
    this.#note(context);
    if (access === undefined)
      throw new TypeError(`${context.getClass().name}.${handler.name} declares no access: it is closed`);
    const request = context.switchToHttp().getRequest<Request & { principal: Principal }>();
    const response = context.switchToHttp().getResponse<Response>();
    this.accepted.count(request.principal, response);
    requireDeclared(request.principal, access);
    if (access.kind === 'stage') this.accepted.watch(request.principal, request, response);
    return true;
  }

  /** Gives the principal its origin, for the audit. The beginning of a session is an event already. */
  #note(context: ExecutionContext): void {
    const http = context.switchToHttp();
    const request = http.getRequest<Request & { principal: Principal }>();
    const requestId = String(http.getResponse<Response>().getHeader(REQUEST_ID_HEADER));
    const origin: RequestOrigin = { address: clientAddress(request), requestId, via: 'rest' };
    const shared = request.principal;
    request.principal = { ...shared, origin };
    const token = bearerToken(request);
    if (token === undefined || isTokenText(token)) this.signIns.accepted(request.principal, shared);
  }

  #hasMetricsToken(context: ExecutionContext): boolean {
    if (!this.metricsToken.isSet || !isOpenToMetricsToken(context.getHandler())) return false;
    return this.metricsToken.isIn(context.switchToHttp().getRequest<Request>());
  }

  async #authenticate(context: ExecutionContext): Promise<void> {
    try {
      await super.canActivate(context);
      this.metrics.accepted();
    } catch (error) {
      this.metrics.refused(error);
      throw error;
    }
  }
}
