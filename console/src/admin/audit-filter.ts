import type { operations } from '../../../clients/typescript/src/api.js';

export type AuditQuery = NonNullable<operations['listAudit']['parameters']['query']>;

/** What the fields of the filter hold; empty where all is meant. */
export interface AuditFilter {
  readonly user: string;
  readonly stage: string;
  readonly path: string;
  readonly action: AuditQuery['action'] | '';
  readonly outcome: AuditQuery['outcome'] | '';
  /** Hours before now, as a number. */
  readonly hours: string;
}

export const NO_FILTER: AuditFilter = { user: '', stage: '', path: '', action: '', outcome: '', hours: '' };

const HOUR_MS = 3_600_000;

/** The query that a filter means. */
export function auditQuery(filter: AuditFilter, now: number = Date.now()): AuditQuery {
  const { hours, action, outcome, ...texts } = filter;
  const given = Object.entries(texts).filter(([, text]) => text !== '');
  return {
    ...Object.fromEntries(given),
    ...(action === '' || action === undefined ? {} : { action }),
    ...(outcome === '' || outcome === undefined ? {} : { outcome }),
    ...(hours === '' ? {} : { from: new Date(now - Number(hours) * HOUR_MS).toISOString() }),
  };
}
