import { failed } from '../admin-error.js';
import type { CommandCall } from '../command-call.js';
import { examine } from '../doctor/examination.js';
import type { Finding, Severity } from '../doctor/finding.js';

const SEVERITY_WIDTH = 'warning'.length;
const CHECK_WIDTH = 'internal-storage'.length;

/** Prints what is right and wrong with an installation, and what to do. */
export async function doctor({ readConfig, options, report }: CommandCall): Promise<void> {
  const findings = await examine(readConfig, { stages: options['stages'] === true });
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (options['json'] === true)
    report(JSON.stringify({ ok: errors === 0, errors, warnings, findings }, null, 2));
  else findings.flatMap(linesOf).forEach(report);
  if (errors > 0)
    throw failed(`The doctor found ${String(errors)} error(s) and ${String(warnings)} warning(s).`);
}

function linesOf({ severity, check, message, advice }: Finding): readonly string[] {
  const indent = ' '.repeat(SEVERITY_WIDTH + CHECK_WIDTH + 4);
  const line = `${severity.padEnd(SEVERITY_WIDTH)}  ${check.padEnd(CHECK_WIDTH)}  ${message}`;
  return advice === undefined ? [line] : [line, `${indent}Do: ${advice}`];
}
