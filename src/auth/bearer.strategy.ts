import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import passport from 'passport';
import { isTokenText } from '../users/tokens/api-token.js';
import { ApiTokens, unknownApiToken } from './api-tokens.js';
import { bearerToken } from './bearer-token.js';
import { Peers } from './peer.js';
import type { Principal } from '../access/principal.js';
import { SessionService } from './session.service.js';

/**
 * Authenticates Databend's session tokens (`Authorization: Bearer bend-v1-s-…`) and API tokens (`sd_…`). Passport calls `authenticate` on an
 * object created from this one, which has no `#private` fields.
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(passport.Strategy, 'bearer') {
  /** Results of a strategy: passport adds these methods to the object of each request. */
  declare readonly success: (principal: Principal) => void;
  declare readonly fail: () => void;
  declare readonly error: (error: Error) => void;

  constructor(
    private readonly sessions: SessionService,
    private readonly apiTokens: ApiTokens,
    private readonly peers: Peers,
  ) {
    super();
  }

  override authenticate(request: Request): void {
    const token = bearerToken(request);
    if (token === undefined) {
      this.fail(); // leaves the request to the next strategy
      return;
    }
    this.validate(token, request).then(
      (principal) => {
        this.success(principal);
      },
      (error: unknown) => {
        this.error(error instanceof Error ? error : new TypeError(String(error)));
      },
    );
  }

  async validate(token: string, request: Request): Promise<Principal> {
    if (!isTokenText(token)) return this.sessions.authenticate(token, this.peers.of(request));
    const principal = await this.apiTokens.authenticate(token);
    if (principal === undefined) throw unknownApiToken();
    return principal;
  }
}
