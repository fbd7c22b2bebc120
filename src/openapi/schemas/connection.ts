import { z } from 'zod';
import type { ConnectionAnswer, ConnectionUseAnswer } from '../../stages/connections/connection.dto.js';
import { TIME } from './time.js';

export const CONNECTION = z
  .looseObject({
    name: z.string(),
    storage_type: z.string(),
    options: z
      .record(z.string(), z.string())
      .nullable()
      .meta({ description: "Every value is masked; null where this server's key does not open them." }),
    creator: z.string(),
    created_on: TIME,
  })
  .meta({
    id: 'Connection',
    description: 'A named connection to a store.',
    examples: [
      {
        name: 'minio',
        storage_type: 's3',
        options: { access_key_id: 'mi***in' },
        creator: "'root'@'%'",
        created_on: '2026-11-30T18:00:00.000Z',
      },
    ],
  }) satisfies z.ZodType<ConnectionAnswer>;

export const CONNECTIONS = z
  .looseObject({ connections: z.array(CONNECTION).meta({ description: 'Those that one may use, by name.' }) })
  .meta({ id: 'Connections' });

export const CONNECTION_USE = z
  .looseObject({
    stages: z
      .array(z.string())
      .meta({ description: 'Names of stages that refer to it, as far as one may see them.' }),
    has_others: z.boolean().meta({ description: 'Whether other stages refer to it, too.' }),
  })
  .meta({ id: 'ConnectionUse' }) satisfies z.ZodType<ConnectionUseAnswer>;
