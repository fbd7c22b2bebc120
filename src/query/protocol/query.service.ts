import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { PUBLIC } from '../../access/rights.js';
import { ChangingRuns } from '../runs/changing-runs.js';
import { PageCursors, invalidPage, type PageCursor } from './page-cursor.js';
import { queryAnswer, type AnswerParts, type QueryAnswer } from './query-answer.js';
import type { QueryCaller } from './query-caller.js';
import type { QueryRequest } from './query-request.js';
import { queryName, type QueryKey } from '../runs/query-key.js';
import { outcomeOf, type QueryOutcome } from '../runs/query-outcome.js';
import { QueryRecords } from '../runs/query-records.js';
import {
  applyChange,
  newSession,
  rolesOf,
  settingsOf,
  timezoneOf,
  type QuerySession,
  type SessionChange,
} from './query-session.js';
import { queryFacts, sessionFacts } from './query-facts.js';
import type { PagePosition } from '../rows/page.js';
import { parseStatement } from '../sql/parser.js';
import { settingsAlone } from '../sql/settings-prefix.js';
import type { Statement } from '../sql/ast.js';
import { AuditedStatements } from '../audited-statements.js';
import { assertTimezone } from '../statements/session-statements.js';
import {
  changesSomething,
  type StatementContext,
  type StatementResult,
} from '../statements/statement-handler.js';

/** Rows of the first page. Few, so that it arrives soon. */
const FIRST_PAGE_ROWS = 1000;
/** Time that a request for a page of a running statement waits. */
const PAGE_WAIT_MS = 10_000;

/** Runs statements, and gives answers about them up to the last page. */
@Injectable()
export class QueryService {
  constructor(
    private readonly executor: AuditedStatements,
    private readonly records: QueryRecords,
    private readonly runs: ChangingRuns,
    private readonly cursors: PageCursors,
  ) {}

  /** @throws SqlError, StageError and others that say why the statement cannot run or has failed. */
  async start(request: QueryRequest, client: QueryCaller): Promise<QueryAnswer> {
    const startedAt = performance.now();
    const statement = parseStatement(request.sql);
    client.reportKind(statement.kind);
    const session = request.session ?? newSession(client.principal);
    const alone = settingsAlone(request.sql);
    assertTimezone(alone);
    const settings = new Map([...settingsOf(session), ...alone]);
    const roles = rolesOf(session);
    const caller = { ...client, principal: await client.inRoles(roles) };
    const run: Run = {
      key: keyOf(request.id, caller),
      caller,
      startedAt,
      session,
      settings,
      cursor: {
        sql: request.sql,
        facts: sessionFacts(session, settings, client.sessionId),
        roles,
        maxRowsPerPage: request.maxRowsPerPage,
        waitMs: request.waitMs,
        page: 0,
      },
    };
    return changesSomething(statement) ? this.change(run, statement) : this.read(run, statement);
  }

  /** Returns a page of a running or paged query. @throws QueryError if the page does not exist. */
  async page(id: string, page: number, token: string | undefined, caller: QueryCaller): Promise<QueryAnswer> {
    const key = keyOf(id, caller);
    const run = { key, caller, startedAt: performance.now(), settings: new Map<string, string>() };
    if (token === undefined) {
      const record = await this.records.find(key);
      if (record?.kind !== 'change' || page < 1) throw invalidPage(id, page);
      return this.outcomeAnswer(run, await this.runs.outcome(key, PAGE_WAIT_MS), String(page + 1));
    }
    const { position, ...cursor } = this.cursors.verify(key, page, token);
    await this.records.continue(key);
    const principal = await caller.inRoles(cursor.roles);
    return this.nextPage({ ...run, caller: { ...caller, principal }, cursor }, position);
  }

  /** Returns the state of a query, without rows. */
  async state(id: string, caller: QueryCaller): Promise<QueryAnswer> {
    const key = keyOf(id, caller);
    const outcome = outcomeOf(key, await this.records.find(key));
    return this.outcomeAnswer({ key, caller, startedAt: performance.now() }, outcome);
  }

  /** Ends a result that the client does not read any more. A change continues. */
  async finalize(id: string, caller: QueryCaller): Promise<QueryAnswer> {
    await this.records.finalize(keyOf(id, caller));
    return this.state(id, caller);
  }

  async kill(id: string, caller: QueryCaller): Promise<void> {
    const key = keyOf(id, caller);
    await this.records.kill(key);
    this.runs.kill(key);
  }

  private async read(run: Run, statement: Statement): Promise<QueryAnswer> {
    const maxRows = Math.min(FIRST_PAGE_ROWS, run.cursor.maxRowsPerPage);
    const result = await this.executor.run(statement, this.contextOf(run, { maxRows }));
    if (result.next === undefined) this.records.rememberAnswered(run.key);
    else await this.records.begin(run.key, 'read', run.cursor.sql);
    return this.resultAnswer(run, result, applyChange(run.session, result.session));
  }

  private async nextPage(run: Omit<Run, 'session'>, position: PagePosition): Promise<QueryAnswer> {
    const statement = parseStatement(run.cursor.sql);
    run.caller.reportKind(statement.kind);
    const context = this.contextOf(run, { maxRows: run.cursor.maxRowsPerPage, position });
    const result = await this.executor.run(statement, context);
    if (result.next === undefined) await this.records.finish(run.key);
    return this.resultAnswer(run, result);
  }

  private async change(run: Run, statement: Statement): Promise<QueryAnswer> {
    if (await this.records.begin(run.key, 'change', run.cursor.sql)) {
      this.runs.start({
        key: run.key,
        principal: run.caller.principal,
        work: (signal) => this.executor.run(statement, { ...this.contextOf(run, { maxRows: 0 }), signal }),
      });
    }
    const outcome = await this.runs.outcome(run.key, run.cursor.waitMs);
    const change =
      outcome.kind === 'succeeded' ? sessionChangeOf(statement, run.caller.principal) : undefined;
    return this.outcomeAnswer({ ...run, session: applyChange(run.session, change) }, outcome, '1');
  }

  /** @param nextPage the path to poll while the query runs. */
  private outcomeAnswer(run: RequestedQuery, outcome: QueryOutcome, nextPage?: string): QueryAnswer {
    const { session } = run;
    const timezone = session === undefined ? undefined : timezoneOf(settingsOf(session));
    const parts = { ...this.partsOf(run), session, timezone };
    switch (outcome.kind) {
      case 'running':
        return queryAnswer({ ...parts, state: 'Running', nextPage });
      case 'succeeded':
        return queryAnswer({ ...parts, state: 'Succeeded' });
      case 'failed':
        return queryAnswer({ ...parts, state: 'Failed', failure: outcome.failure });
      case 'aborted':
        throw outcome.error;
    }
  }

  private resultAnswer(
    run: Omit<Run, 'session'>,
    { columns, rows, next, session: change }: StatementResult,
    session?: QuerySession,
  ): QueryAnswer {
    const page = run.cursor.page + 1;
    const nextPage =
      next === undefined
        ? undefined
        : `${String(page)}/${this.cursors.sign(run.key, { ...run.cursor, page, position: next })}`;
    const state = next === undefined ? 'Succeeded' : 'Running';
    // The answer to SET timezone has the new timezone. Later pages keep the timezone of the first page.
    const isSame = change === undefined || session === undefined;
    const timezone = isSame ? run.cursor.facts.timezone : timezoneOf(settingsOf(session));
    return queryAnswer({ ...this.partsOf(run), state, session, timezone, columns, rows, nextPage });
  }

  private partsOf({
    key,
    caller,
    startedAt,
  }: Pick<Run, 'key' | 'caller' | 'startedAt'>): Pick<AnswerParts, 'id' | 'sessionId' | 'startedAt'> {
    return { id: key.id, sessionId: caller.sessionId, startedAt };
  }

  private contextOf(
    { key, caller, cursor, settings, startedAt }: Omit<Run, 'session'>,
    page: { readonly maxRows: number; readonly position?: PagePosition },
  ): StatementContext {
    return {
      principal: caller.principal,
      sql: cursor.sql,
      facts: queryFacts(caller.principal, cursor.facts, cursor.roles.secondaryRoles === undefined),
      settings,
      baseUrl: caller.baseUrl,
      position: page.position,
      maxRows: page.maxRows,
      deadline: startedAt + cursor.waitMs,
      signal: caller.signal,
      query: queryName(key),
    };
  }
}

/** A query that runs. */
interface Run {
  readonly key: QueryKey;
  readonly caller: QueryCaller;
  /** `performance.now()` */
  readonly startedAt: number;
  readonly session: QuerySession;
  readonly settings: ReadonlyMap<string, string>;
  /** Copied to the cursor of the next page. `page` is the number of this page. */
  readonly cursor: Omit<PageCursor, 'position'>;
}

/** A query that a request is about. */
type RequestedQuery = Pick<Run, 'key' | 'caller' | 'startedAt'> & { readonly session?: QuerySession };

/** Returns the change of a session by a statement that changes more: without its current role, it goes on as everybody. */
function sessionChangeOf(statement: Statement, { currentRole }: Principal): SessionChange | undefined {
  const isCurrent = statement.kind === 'drop-role' && statement.name === currentRole.name;
  return isCurrent ? { role: PUBLIC } : undefined;
}

function keyOf(id: string, { principal }: QueryCaller): QueryKey {
  return { userId: principal.userId, id };
}
