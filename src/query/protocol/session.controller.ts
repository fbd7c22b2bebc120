import { randomUUID } from 'node:crypto';
import { Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { bearerToken } from '../../auth/bearer-token.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { Peers } from '../../auth/peer.js';
import type { Principal } from '../../access/principal.js';
import { Public, Requires } from '../../access/route-access.js';
import { SessionService, type SessionTokens } from '../../auth/session.service.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { IgnoreQuery, QueryParams } from '../../http/request/query.decorators.js';
import { RequestError } from '../../http/request/request-error.js';
import { PROTOCOL_VERSION } from '../../common/protocol-version.js';
import { UserCatalog } from '../../people/accounts/user-catalog.js';
import { ROOT, shownAuthType } from '../../users/accounts/user.js';
import { assertAvailable } from '../../users/principals/principals.js';
import { isTokenText } from '../../users/tokens/api-token.js';
import { RefreshTokenGuard } from './refresh-token.guard.js';

/** The answer to a login. It has no Arrow version: answers are JSON. */
interface LoginAnswer {
  readonly version: string;
  readonly session_id: string;
  readonly tokens?: SessionTokens;
}

/** A body whose content is ignored. No body counts as an empty object. */
const ANY_OBJECT = z.record(z.string(), z.unknown()).nullish();
const HEARTBEAT = z
  .object({ node_to_queries: z.record(z.string(), z.array(z.string())).nullish() })
  .nullish();
type HeartbeatBody = z.output<typeof HEARTBEAT>;

/** Fields other than the role are ignored. An empty role is none, as some clients send it. */
const LOGIN_BODY = z.looseObject({ role: z.string().nullish() }).nullish();
type LoginBody = z.output<typeof LOGIN_BODY>;

/** Values other than a string are ignored. */
const LOGIN = z.object({ disable_session_token: z.string().optional().catch(undefined) });
type LoginQuery = z.output<typeof LOGIN>;

/** Databend's sessions. A session is a token in place of a password; it has no other state on the server. */
@IgnoreQuery()
@Controller('v1')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly users: UserCatalog,
    private readonly peers: Peers,
  ) {}

  /** Ignores the database and settings that the client requests: they mean nothing for stages. Refuses a role that it does not have. */
  @Post('session/login')
  @Requires('SignIn', 'session')
  @HttpCode(200)
  login(
    @JsonBody(LOGIN_BODY, invalidBody) body: LoginBody,
    @QueryParams(LOGIN) query: LoginQuery,
    @Res({ passthrough: true }) response: Response,
    @CurrentUser() principal: Principal,
  ): LoginAnswer {
    const role = body?.role ?? '';
    if (role !== '') assertAvailable(principal, role);
    const sessionId = randomUUID();
    response.set('x-databend-session-id', sessionId);
    const answer = { version: PROTOCOL_VERSION, session_id: sessionId };
    if (query.disable_session_token === 'true') return answer;
    return { ...answer, tokens: this.sessions.start(principal) };
  }

  /**
   * Issues new tokens for the refresh token in the Authorization header. The answer has them twice: Databend sends them below
   * `tokens`, and its clients of 2026 read them at the top level.
   */
  @UseGuards(RefreshTokenGuard)
  @Post('session/refresh')
  @Public()
  @HttpCode(200)
  async refresh(
    @JsonBody(ANY_OBJECT, invalidBody) _body: unknown,
    @Req() request: Request,
  ): Promise<SessionTokens & { readonly tokens: SessionTokens }> {
    const tokens = await this.sessions.refresh(bearerToken(request), this.peers.of(request));
    return { tokens, ...tokens };
  }

  /** Ends the session. A request with a password or an API token has no session to end. */
  @Post('session/logout')
  @Requires('SignIn', 'session')
  @HttpCode(200)
  async logout(
    @JsonBody(ANY_OBJECT, invalidBody) _body: unknown,
    @Req() request: Request,
  ): Promise<{ readonly error: null }> {
    const token = bearerToken(request);
    if (token !== undefined && !isTokenText(token)) await this.sessions.end(token);
    return { error: null };
  }

  /** Tells the client to forget all its queries. Results are read by signed cursors and need no heartbeat. */
  @Post('session/heartbeat')
  @Requires('SignIn', 'session')
  @HttpCode(200)
  heartbeat(@JsonBody(HEARTBEAT, invalidBody) body: HeartbeatBody): {
    readonly queries_to_remove: readonly string[];
  } {
    return { queries_to_remove: Object.values(body?.node_to_queries ?? {}).flat() };
  }

  /** Answers with Databend's fields. `is_configured` marks a user of Databend's configuration; here it is `root`, from the settings. */
  @Post('verify')
  @Requires('SignIn', 'session')
  @HttpCode(200)
  async verify(
    @JsonBody(ANY_OBJECT, invalidBody) _body: unknown,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<object> {
    const { user, roles } = await this.users.own(principal);
    return {
      tenant: request.headers['x-databend-tenant'] ?? 'default',
      user: principal.name,
      auth_type: shownAuthType(user),
      is_configured: user.id === ROOT,
      default_role: user.defaultRole,
      default_warehouse: request.headers['x-databend-warehouse'] ?? 'default',
      roles,
    };
  }
}

function invalidBody(): RequestError {
  return new RequestError('InvalidProtocolRequest', 'The body must be a JSON object of the documented form.');
}
