import { AppError } from '../common/app-error.js';
import type { CheckState } from './check-state.js';

export type HealthErrorKind = 'NotReady';

/** The answer of `/ready` while a check fails. It names all checks. */
export class HealthError extends AppError<HealthErrorKind> {
  readonly checks: readonly CheckState[];

  constructor(checks: readonly CheckState[]) {
    const reasons = checks.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
    super('NotReady', reasons.join(' '));
    this.checks = checks;
  }
}
