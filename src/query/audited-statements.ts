import { Inject, Injectable } from '@nestjs/common';
import { AccessError } from '../access/access-error.js';
import type { Principal } from '../access/principal.js';
import { AuditTrail } from '../audit/trail/audit-trail.js';
import { AppError } from '../common/app-error.js';
import { ERROR_CODES, type ErrorCodes } from '../common/error-codes.js';
import type { Statement } from './sql/ast.js';
import { StatementExecutor } from './statement-executor.js';
import { auditedAs } from './statements/statement-audit.js';
import {
  changesSomething,
  type StatementContext,
  type StatementResult,
} from './statements/statement-handler.js';

/** Runs statements, and records those that read, are denied or fail. Events of changes are committed with them. */
@Injectable()
export class AuditedStatements {
  constructor(
    private readonly executor: StatementExecutor,
    private readonly trail: AuditTrail,
    @Inject(ERROR_CODES) private readonly codes: ErrorCodes,
  ) {}

  async run(statement: Statement, context: StatementContext): Promise<StatementResult> {
    const principal = asStatement(context.principal);
    try {
      const result = await this.executor.run(statement, { ...context, principal });
      const isFirstPage = context.position === undefined;
      if (isFirstPage && !changesSomething(statement)) this.#record(statement, principal);
      return result;
    } catch (error) {
      this.#record(statement, principal, error);
      throw error;
    }
  }

  #record(statement: Statement, principal: Principal, error?: unknown): void {
    const about = auditedAs(statement);
    if (about === undefined) return;
    const stage = principal.origin?.stage ?? about.stage;
    const event = { ...about, actor: principal, stage };
    if (error === undefined) this.trail.record({ ...event, outcome: 'success' });
    else {
      const outcome = error instanceof AccessError ? 'denied' : 'failed';
      this.trail.record({ ...event, outcome, errorKind: this.#kindOf(error) });
    }
  }

  #kindOf(error: unknown): string {
    if (!(error instanceof AppError)) return 'Internal';
    return this.codes(error as AppError).kind; // instanceof leaves its kind as any
  }
}

/** Each statement has an origin of its own, which notes the stage that it reaches. */
function asStatement(principal: Principal): Principal {
  const { origin } = principal;
  if (origin === undefined) return principal;
  const { address, requestId } = origin;
  return { ...principal, origin: { address, requestId, via: 'sql' } };
}
