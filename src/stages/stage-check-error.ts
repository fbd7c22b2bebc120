import type { CheckReport } from './check/check-report.js';
import { StageError } from './stage-error.js';

/** A stage was to be made only if its store is well. */
export class StageCheckError extends StageError {
  readonly report: CheckReport;

  constructor(report: CheckReport) {
    const wrong = report.checks.filter(({ ok }) => ok !== true);
    const [first] = wrong.filter(({ reason }) => reason !== undefined);
    const names = wrong.map(({ check }) => check).join(', ');
    const why = `${first?.reason ?? ''} ${first?.advice ?? ''}`.trim();
    super('StageCheckFailed', `The stage was not created, because a check failed (${names}). ${why}`);
    this.report = report;
  }
}
