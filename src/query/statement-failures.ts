import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AppError } from '../common/app-error.js';
import { ERROR_CODES, type ErrorCode, type ErrorCodes } from '../common/error-codes.js';
import { logAt } from '../common/log-at.js';
import { loggedError } from '../common/telemetry/logged-error.js';
import { Metrics } from '../metrics/metrics.js';

/** Reports statements that fail: their answers have status 200, so that nothing else sees them. */
@Injectable()
export class StatementFailures {
  readonly #logger = new Logger('Query');

  constructor(
    @Inject(ERROR_CODES) private readonly codes: ErrorCodes,
    private readonly metrics: Metrics,
  ) {}

  /** @param facts the ids of the query and of its request, for the log. @returns how the error is answered. */
  report(error: AppError, facts: object): ErrorCode {
    const row = this.codes(error);
    this.metrics.errors.child(row.kind).inc();
    const msg = `a statement failed: ${error.message}`;
    logAt(this.#logger, row.log, { msg, ...facts, error: loggedError(error) });
    return row;
  }
}
