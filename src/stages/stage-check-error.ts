import type { CheckReport } from './check/check-report.js';
import { StageError } from './stage-error.js';

/** Thrown when a stage was to be created only if its checks succeed, and one failed. */
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
