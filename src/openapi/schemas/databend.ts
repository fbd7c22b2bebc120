import { z } from 'zod';

/** Databend's answers, loosely: its own documents say the rest. */

const FAILURE = z
  .looseObject({ code: z.int(), kind: z.string().optional(), message: z.string() })
  .meta({ id: 'QueryFailure', description: "The error of a statement, in Databend's form." });

export const QUERY = z
  .looseObject({
    id: z.string(),
    session_id: z.string(),
    state: z.enum(['Running', 'Succeeded', 'Failed']),
    session: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'To be sent with the next statement.' }),
    error: FAILURE.nullable(),
    schema: z.array(z.looseObject({ name: z.string(), type: z.string() })),
    data: z.array(z.array(z.string().nullable())).meta({ description: 'Rows of cells, as text.' }),
    stats: z.record(z.string(), z.unknown()),
    stats_uri: z.string().nullable(),
    final_uri: z.string().nullable(),
    next_uri: z.string().nullable().meta({ description: 'The path of the next page; null on the last one.' }),
    kill_uri: z.string().nullable(),
  })
  .meta({
    id: 'Query',
    description: "Databend's answer about a statement. One that fails is answered 200, with `error`.",
  });

const SESSION_TOKENS = z
  .looseObject({
    session_token: z.string().meta({ description: 'For `Authorization: Bearer`.' }),
    refresh_token: z.string().meta({ description: 'For `refresh`.' }),
    session_token_ttl_in_secs: z.int(),
  })
  .meta({ id: 'SessionTokens' });

export const LOGIN = z
  .looseObject({
    version: z.string(),
    session_id: z.string(),
    tokens: SESSION_TOKENS.optional(),
  })
  .meta({ id: 'Login' });

export const REFRESHED = z
  .looseObject({ ...SESSION_TOKENS.shape, tokens: SESSION_TOKENS })
  .meta({ id: 'RefreshedTokens', description: 'The new tokens, twice: older clients read `tokens`.' });

export const LOGGED_OUT = z.looseObject({ error: z.null() }).meta({ id: 'LoggedOut' });

export const HEARTBEAT = z
  .looseObject({ queries_to_remove: z.array(z.string()) })
  .meta({ id: 'Heartbeat', description: 'What the client can forget: all of it.' });

export const CALLER = z
  .looseObject({
    tenant: z.string(),
    user: z.string(),
    auth_type: z.string(),
    is_configured: z.boolean().meta({ description: 'True for `root`.' }),
    default_role: z.string(),
    default_warehouse: z.string(),
    roles: z.array(z.string()),
  })
  .meta({ id: 'Caller' });
