import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from '../../audit/events/audit-action.js';
import type { Routes } from '../document/description.js';
import { AUDIT_PAGE } from '../schemas/audit.js';

export const AUDIT_ROUTES: Routes = {
  tag: 'Audit',
  description: 'Who did what.',
  operations: {
    'GET /v1/audit': {
      id: 'listAudit',
      summary: 'Lists events of the audit, the latest first, for administrators.',
      query: {
        from: { description: 'Events of this time and later ones.', type: 'string', format: 'date-time' },
        to: { description: 'Events before this time.', type: 'string', format: 'date-time' },
        user: 'Only those of this user.',
        stage: 'Only those on the stage of this name.',
        path: 'Only those on files whose paths begin so.',
        action: { description: 'Only this action.', type: 'string', enum: [...AUDIT_ACTIONS] },
        outcome: { description: 'Only this outcome.', type: 'string', enum: [...AUDIT_OUTCOMES] },
        cursor: '`next_cursor` of the page before.',
        limit: {
          description: 'The most events of a page.',
          type: 'integer',
          minimum: 1,
          maximum: 1000,
          default: 100,
        },
      },
      answers: {
        200: {
          description: 'A page; as lines of JSON where `Accept` says `application/x-ndjson`.',
          content: { 'application/json': AUDIT_PAGE, 'application/x-ndjson': { type: 'string' } },
        },
      },
      fails: ['InvalidCursor', 'NotAcceptable'],
    },
  },
};
