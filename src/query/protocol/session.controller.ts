import { randomUUID } from 'node:crypto';
import { Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { bearerToken } from '../../auth/bearer-token.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { Peers } from '../../auth/peer.js';
import type { Principal } from '../../auth/principal.js';
import { Public } from '../../auth/public.decorator.js';
import { SessionService, type SessionTokens } from '../../auth/session.service.js';
import { jsonBody } from '../../http/request/json-body.js';
import { PROTOCOL_VERSION } from '../../common/protocol-version.js';
import { ROOT, UserService } from '../../users/user.service.js';
import { QueryError } from '../query-error.js';
import { roleOf } from './query-session.js';

/** What a login tells a client. No Arrow version is among it: answers are JSON. */
interface LoginAnswer {
  readonly version: string;
  readonly session_id: string;
  readonly tokens?: SessionTokens;
}

const JSON_OBJECT = z.record(z.string(), z.unknown());
const HEARTBEAT = z.object({ node_to_queries: z.record(z.string(), z.array(z.string())).nullish() });

/** Databend's sessions: a token instead of a password, and nothing else to keep. */
@Controller('v1')
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly users: UserService,
    private readonly peers: Peers,
  ) {}

  /** What the client asks for (a database, a role, settings) means nothing to stages, and is not refused. */
  @Post('session/login')
  @HttpCode(200)
  async login(
    @Query('disable_session_token') disabled: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @CurrentUser() principal: Principal,
  ): Promise<LoginAnswer> {
    await objectFrom(request, JSON_OBJECT);
    const sessionId = randomUUID();
    response.set('x-databend-session-id', sessionId);
    const answer = { version: PROTOCOL_VERSION, session_id: sessionId };
    if (disabled === 'true') return answer;
    return { ...answer, tokens: await this.sessions.start(principal) };
  }

  /**
   * New tokens for the refresh token that stands where another request has its credentials. They are there twice: Databend
   * has them below `tokens`, and its clients of 2026 read them beside it.
   */
  @Public()
  @Post('session/refresh')
  @HttpCode(200)
  async refresh(@Req() request: Request): Promise<SessionTokens & { readonly tokens: SessionTokens }> {
    const tokens = await this.sessions.refresh(bearerToken(request), this.peers.of(request));
    await objectFrom(request, JSON_OBJECT);
    return { tokens, ...tokens };
  }

  /** Who came with a password has no session to end. */
  @Post('session/logout')
  @HttpCode(200)
  async logout(@Req() request: Request): Promise<{ readonly error: null }> {
    await objectFrom(request, JSON_OBJECT);
    const token = bearerToken(request);
    if (token !== undefined) await this.sessions.end(token);
    return { error: null };
  }

  /** A result is read by signed cursors, and needs nobody to keep it alive: the client may forget them all. */
  @Post('session/heartbeat')
  @HttpCode(200)
  async heartbeat(@Req() request: Request): Promise<{ readonly queries_to_remove: readonly string[] }> {
    const { node_to_queries: queries } = await objectFrom(request, HEARTBEAT);
    return { queries_to_remove: Object.values(queries ?? {}).flat() };
  }

  /** Databend's words: what it calls a user of its configuration is here the one of the settings. */
  @Post('verify')
  @HttpCode(200)
  async verify(@Req() request: Request, @CurrentUser() principal: Principal): Promise<object> {
    await objectFrom(request, JSON_OBJECT);
    const user = await this.users.find(principal.name);
    return {
      tenant: request.headers['x-databend-tenant'] ?? 'default',
      user: principal.name,
      auth_type: user?.passwordHash === null ? 'no_password' : 'double_sha1_password',
      is_configured: principal.name === ROOT,
      default_role: roleOf(principal),
      default_warehouse: request.headers['x-databend-warehouse'] ?? 'default',
      roles: [roleOf(principal)],
    };
  }
}

/** The JSON of a request; nothing sent is an empty object. @throws QueryError of kind `InvalidRequest`. */
async function objectFrom<Output>(request: Request, schema: z.ZodType<Output>): Promise<Output> {
  const parsed = schema.safeParse((await jsonBody(request)) ?? {});
  if (parsed.success) return parsed.data;
  throw new QueryError('InvalidRequest', 'The body must be a JSON object of the documented form.');
}
