import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { UserService } from '../users/accounts/user.service.js';
import type { User } from '../users/accounts/user.js';
import { Principals } from '../users/principals/principals.js';
import { ApiTokens } from './api-tokens.js';

/** To whom something signed was issued: a session, or a presigned URL. */
export interface TokenSubject {
  readonly userId: string;
  /** The user's credential when it was issued. */
  readonly credential: string;
  /** The id of the API token that it was asked for with, and ends with. */
  readonly apiToken?: string | undefined;
}

/** Why what was issued to a subject is not valid any more. */
export type SubjectEnd = 'gone' | 'disabled' | 'other-credential' | 'api-token-ended';

export type SubjectNow =
  | { readonly user: User; readonly principal: Principal }
  | { readonly end: Exclude<SubjectEnd, 'disabled'> }
  | { readonly end: 'disabled'; readonly name: string };

/** Finds what a subject may do now. */
@Injectable()
export class TokenSubjects {
  constructor(
    private readonly users: UserService,
    private readonly principals: Principals,
    private readonly apiTokens: ApiTokens,
  ) {}

  async now({ userId, credential, apiToken }: TokenSubject): Promise<SubjectNow> {
    const user = await this.users.findById(userId);
    if (user === null) return { end: 'gone' };
    if (user.isDisabled) return { end: 'disabled', name: user.name };
    if (user.credential !== credential) return { end: 'other-credential' };
    if (apiToken === undefined) return { user, principal: await this.principals.of(user) };
    const principal = await this.apiTokens.principalById(apiToken, user);
    return principal === undefined ? { end: 'api-token-ended' } : { user, principal };
  }
}
