import { z } from 'zod';
import { pageLimit } from '../../http/request/page-limit.js';
import { RequestError } from '../../http/request/request-error.js';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from '../events/audit-action.js';
import type { AuditSelection } from './audit.repository.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const TIME = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone, as in 2026-12-01T00:00:00Z' })
  .transform((text) => new Date(text));

/** Query of `GET /v1/audit`. */
export const LIST_AUDIT = z.strictObject({
  from: TIME.optional(),
  to: TIME.optional(),
  user: z.string().min(1, 'must name a user').optional(),
  stage: z.string().min(1, 'must name a stage').optional(),
  path: z.string().optional(),
  action: z.enum(AUDIT_ACTIONS, `must be one of ${AUDIT_ACTIONS.join(', ')}`).optional(),
  outcome: z.enum(AUDIT_OUTCOMES, `must be one of ${AUDIT_OUTCOMES.join(', ')}`).optional(),
  cursor: z.string().optional(),
  limit: pageLimit(MAX_LIMIT).optional(),
});

export type ListAuditQuery = z.output<typeof LIST_AUDIT>;

export interface AuditQuery {
  readonly selection: AuditSelection;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** @throws RequestError of kind `InvalidRequest` for a time span that is empty. */
export function auditQueryFrom({ cursor, limit = DEFAULT_LIMIT, ...selection }: ListAuditQuery): AuditQuery {
  const { from, to } = selection;
  if (from !== undefined && to !== undefined && from >= to)
    throw new RequestError(
      'InvalidRequest',
      'The parameter from must be before to: nothing is between them.',
    );
  return { selection, cursor, limit };
}
