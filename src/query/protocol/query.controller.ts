import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { AppError } from '../../common/app-error.js';
import { clientSignal } from '../../http/request/client-signal.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { IgnoreQuery } from '../../http/request/query.decorators.js';
import { tellLog } from '../../http/request/request-facts.js';
import { REQUEST_ID_HEADER } from '../../http/request/request-id-header.js';
import { Principals } from '../../users/principals/principals.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { requestBaseUrl } from '../../presigned/request-base-url.js';
import { answerJson, queryAnswer, type QueryAnswer } from './query-answer.js';
import type { QueryCaller } from './query-caller.js';
import { DatabaseError } from '../../database/database-error.js';
import { QueryError, type QueryErrorKind } from '../query-error.js';
import { StatementFailures } from '../statement-failures.js';
import { invalidQueryBody, START_QUERY, queryRequestFrom, type StartQueryBody } from './query-request.js';
import { settingsOf, timezoneOf } from './query-session.js';
import { QueryService } from './query.service.js';

/**
 * Databend's query protocol. An invalid request gets an error status. A statement that fails gets status 200 and an error in
 * the answer, as Databend's clients expect.
 */
@IgnoreQuery()
@Controller('v1/query')
export class QueryController {
  constructor(
    private readonly queries: QueryService,
    private readonly failures: StatementFailures,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly principals: Principals,
  ) {}

  @Post()
  @Requires('SignIn', 'session')
  @HttpCode(200)
  async start(
    @JsonBody(START_QUERY, invalidQueryBody) body: StartQueryBody,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const query = queryRequestFrom(body, request.headers);
    const caller = this.callerOf(request, response, principal);
    tellLog(response, { query: query.id });
    return this.answerFor(response, { id: query.id, session: query.session }, caller, () =>
      this.queries.start(query, caller),
    );
  }

  @Get(':id')
  @Requires('SignIn', 'session')
  async state(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return writeAnswer(response, await this.queries.state(id, this.callerOf(request, response, principal)));
  }

  @Get(':id/page/:page{/:cursor}')
  @Requires('SignIn', 'session')
  async page(
    @Param() params: { readonly id: string; readonly page: string; readonly cursor?: string },
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { id, cursor } = params;
    const caller = this.callerOf(request, response, principal);
    const page = parsePageNumber(params.page);
    return this.answerFor(response, { id }, caller, () => this.queries.page(id, page, cursor, caller));
  }

  /** Clients of Databend use GET or POST. */
  @Get(':id/final')
  @Requires('SignIn', 'session')
  async final(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const caller = this.callerOf(request, response, principal);
    return writeAnswer(response, await this.queries.finalize(id, caller));
  }

  @Post(':id/final')
  @Requires('SignIn', 'session')
  @HttpCode(200)
  async finalByPost(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    return this.final(id, request, principal, response);
  }

  /** Answered without a body, as in Databend. */
  @Get(':id/kill')
  @Requires('SignIn', 'session')
  async kill(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.queries.kill(id, this.callerOf(request, response, principal));
  }

  @Post(':id/kill')
  @Requires('SignIn', 'session')
  @HttpCode(200)
  async killByPost(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.kill(id, request, principal, response);
  }

  /** Answers for a statement that succeeds or fails. Rethrows errors that are not about the statement. */
  private async answerFor(
    response: Response,
    query: Pick<QueryAnswer, 'id'> & { readonly session?: QueryAnswer['session'] | undefined },
    { sessionId }: QueryCaller,
    run: () => Promise<QueryAnswer>,
  ): Promise<string> {
    const startedAt = performance.now();
    try {
      return writeAnswer(response, await run());
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const appError = error as AppError; // instanceof leaves its kind as any
      if (isAboutTheRequest(appError)) throw appError;
      const reqId = response.getHeader(REQUEST_ID_HEADER);
      const { code, kind } = this.failures.report(appError, { reqId, query: query.id });
      const session = query.session ?? undefined;
      const failure = { code, kind, message: appError.message };
      const timezone = session === undefined ? undefined : timezoneOf(settingsOf(session));
      const parts = { id: query.id, sessionId, session, timezone, failure, startedAt };
      const answer = queryAnswer({ ...parts, state: 'Failed' });
      return writeAnswer(response, { ...answer, stats_uri: null, final_uri: null, kill_uri: null });
    }
  }

  private callerOf(request: Request, response: Response, principal: Principal): QueryCaller {
    const sessionId = request.headers['x-databend-session-id'];
    return {
      principal,
      inRoles: (roles) => this.principals.inRoles(principal, roles),
      sessionId: typeof sessionId === 'string' ? sessionId : '',
      baseUrl: requestBaseUrl(request, this.config.publicUrl),
      reportKind: (statement) => {
        tellLog(response, { statement });
      },
      signal: clientSignal(response),
    };
  }
}

/** By kind: is the error about the request, rather than about the statement? */
const ABOUT_REQUEST: Readonly<Record<QueryErrorKind, boolean>> = {
  BadArguments: false,
  InvalidTimezone: false,
  QueryIdTaken: false,
  NoWarehouse: true,
  UnknownQuery: true,
  InvalidPage: true,
  ClosedQuery: true,
  Interrupted: true,
};

/** Is the error not one of the statement? Then the answer has its status: 503 while the database is away. */
function isAboutTheRequest(error: AppError): boolean {
  if (error instanceof DatabaseError) return error.kind === 'Unavailable';
  return error instanceof QueryError && ABOUT_REQUEST[error.kind];
}

function parsePageNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}

/** Sets the headers of an answer. @returns its body. */
function writeAnswer(response: Response, answer: QueryAnswer): string {
  response.type('json').set({
    'x-databend-query-id': answer.id,
    'x-databend-query-state': answer.state,
    'x-databend-query-page-rows': String(answer.data.count),
  });
  return answerJson(answer);
}
