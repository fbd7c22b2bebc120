import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { BasicStrategy as PassportBasicStrategy } from 'passport-http';
import { Authenticator } from './authenticator.js';
import { basicCredentials } from './basic-credentials.js';
import { Peers } from './peer.js';
import type { Principal } from '../access/principal.js';

/**
 * Basic authentication. Replaces `authenticate` of passport-http, whose parser rejects empty passwords and cuts a
 * password at its second colon. Passport calls `authenticate` on an object created from this one, which has no
 * `#private` fields.
 */
@Injectable()
export class BasicStrategy extends PassportStrategy(PassportBasicStrategy, 'basic') {
  /** Results of a strategy: passport adds both methods to the object of each request. */
  declare readonly success: (principal: Principal) => void;
  declare readonly error: (error: Error) => void;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly peers: Peers,
  ) {
    super();
  }

  override authenticate(request: Request): void {
    this.validate(request).then(
      (principal) => {
        this.success(principal);
      },
      (error: unknown) => {
        this.error(error instanceof Error ? error : new TypeError(String(error)));
      },
    );
  }

  async validate(request: Request): Promise<Principal> {
    return this.authenticator.authenticate(basicCredentials(request), this.peers.of(request));
  }
}
