/** Part of an installation that the doctor looks at. */
export type Check =
  | 'settings'
  | 'folders'
  | 'keys'
  | 'limits'
  | 'port'
  | 'proxy'
  | 'database'
  | 'clock'
  | 'people'
  | 'internal-storage'
  | 'stages';

export type Severity = 'ok' | 'warning' | 'error';

export interface Finding {
  readonly check: Check;
  readonly severity: Severity;
  readonly message: string;
  /** Advice for the operator. Absent if all is well, or if the message says it. */
  readonly advice?: string;
}

export function ok(check: Check, message: string): Finding {
  return { check, severity: 'ok', message };
}

/** A problem with which the service runs. */
export function warning(check: Check, message: string, advice?: string): Finding {
  return { check, severity: 'warning', message, ...(advice === undefined ? {} : { advice }) };
}

/** A problem with which the service does not start, or refuses requests. */
export function error(check: Check, message: string, advice?: string): Finding {
  return { check, severity: 'error', message, ...(advice === undefined ? {} : { advice }) };
}
