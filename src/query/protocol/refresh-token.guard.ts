import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { bearerToken } from '../../auth/bearer-token.js';
import { Peers } from '../../auth/peer.js';
import { SessionService } from '../../auth/session.service.js';

/** Checks the refresh token before the body is read. The refresh route has no other credentials. */
@Injectable()
export class RefreshTokenGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionService,
    private readonly peers: Peers,
  ) {}

  /** @throws AuthError that says why the token is invalid. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    await this.sessions.checkRefreshToken(bearerToken(request), this.peers.of(request));
    return true;
  }
}
