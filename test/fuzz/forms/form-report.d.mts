import type { FormSummary } from './form-fuzzer.mjs';

/** Everything to repeat a violation by. */
export function describeViolation(violation: FormSummary['violations'][number]): string;
