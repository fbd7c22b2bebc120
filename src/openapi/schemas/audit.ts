import { z } from 'zod';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from '../../audit/events/audit-action.js';
import type { AuditPageView } from '../../audit/list/audit-view.js';
import { TIME } from './time.js';

const AUDIT_EVENT = z
  .looseObject({
    id: z.string().meta({ format: 'uuid', description: 'Of version 7: later events have greater ids.' }),
    time: TIME,
    action: z.enum(AUDIT_ACTIONS),
    outcome: z.enum(AUDIT_OUTCOMES),
    user: z.string().nullable().meta({ description: 'Null for somebody who was not recognised.' }),
    user_id: z.string().nullable(),
    role: z.string().nullable().meta({ description: 'The current role.' }),
    token_id: z.string().nullable().meta({ description: 'Of the API token that the request came with.' }),
    address: z.string().nullable().meta({ description: "The client's." }),
    server: z.string().meta({ description: 'Name of the host and number of the process.' }),
    request_id: z.string().nullable().meta({ description: 'As in `x-request-id` and in the log.' }),
    via: z.string().meta({ description: '`rest`, `sql`, `presigned` or `command`.' }),
    stage: z.string().nullable(),
    stage_id: z
      .string()
      .nullable()
      .meta({ description: 'Another one for each stage of a name; of `~`, the id of its user.' }),
    path: z.string().nullable().meta({ description: 'Of the file, or the prefix of several.' }),
    object: z.string().nullable().meta({ description: 'A user, role, connection or token.' }),
    bytes: z.int().min(0).nullable(),
    count: z
      .int()
      .min(1)
      .meta({ description: 'How many removed files, equal denials, or reads of one file it stands for.' }),
    error: z.string().nullable().meta({ description: 'The kind of the error.' }),
    detail: z.looseObject({}).nullable(),
  })
  .meta({ id: 'AuditEvent' });

export const AUDIT_PAGE = z
  .looseObject({ events: z.array(AUDIT_EVENT), next_cursor: z.string().nullable() })
  .meta({
    id: 'AuditPage',
    description:
      'A page of the audit, the latest events first. With a cursor, it may hold fewer than asked for.',
  }) satisfies z.ZodType<AuditPageView>;
