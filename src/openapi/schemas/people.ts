import { z } from 'zod';
import type { StageGrantsView } from '../../people/grants/stage-grants.dto.js';
import type { RoleView } from '../../people/roles/role.dto.js';
import type { IssuedTokenView, TokenView } from '../../people/tokens/token.dto.js';
import type { UserView } from '../../people/accounts/user-view.js';
import { NULLABLE_TIME, TIME } from './time.js';

export const USER = z
  .looseObject({
    name: z.string(),
    hostname: z.literal('%').meta({ description: 'Users may come from everywhere.' }),
    auth_type: z.string().meta({ description: "Databend's name of how the user signs in." }),
    default_role: z.string().meta({ description: 'Empty for none.' }),
    default_warehouse: z.string().meta({ description: 'Empty for none.' }),
    grant_roles: z.array(z.string()).meta({ description: 'The roles that were granted, by name.' }),
    disabled: z.boolean(),
    network_policy: z.null(),
    password_policy: z.null(),
    must_change_password: z.boolean().meta({ description: 'Until then every other route is 403.' }),
  })
  .meta({
    id: 'User',
    description: "A user, in Databend's form.",
    examples: [
      {
        name: 'ann',
        hostname: '%',
        auth_type: 'double_sha1_password',
        default_role: 'lab',
        default_warehouse: '',
        grant_roles: ['lab'],
        disabled: false,
        network_policy: null,
        password_policy: null,
        must_change_password: false,
      },
    ],
  }) satisfies z.ZodType<UserView>;

export const USERS = z.looseObject({ users: z.array(USER) }).meta({ id: 'Users' });

export const ROLE = z
  .looseObject({
    name: z.string(),
    is_current: z.boolean(),
    is_default: z.boolean(),
    comment: z.string(),
    inherited_roles: z.array(z.string()).meta({ description: 'The roles that were granted to it, by name.' }),
    created_on: TIME,
    updated_on: TIME,
  })
  .meta({
    id: 'Role',
    examples: [
      {
        name: 'lab',
        is_current: true,
        is_default: true,
        comment: '',
        inherited_roles: ['readers'],
        created_on: '2026-11-30T18:00:00.000Z',
        updated_on: '2026-11-30T18:00:00.000Z',
      },
    ],
  }) satisfies z.ZodType<RoleView>;

export const ROLES = z.looseObject({ roles: z.array(ROLE) }).meta({ id: 'Roles' });

const GRANTEE = z
  .looseObject({ kind: z.enum(['user', 'role']), name: z.string() })
  .meta({ id: 'GranteeName', description: 'A user or a role.' });

export const MEMBERS = z
  .looseObject({ members: z.array(GRANTEE).meta({ description: 'Those that one may see.' }) })
  .meta({ id: 'Members', examples: [{ members: [{ kind: 'user', name: 'ann' }] }] });

const PRIVILEGES = z.array(z.enum(['READ', 'WRITE']));

export const STAGE_GRANTS = z
  .looseObject({
    owner: z.string().meta({ description: 'The role that owns the stage.' }),
    grants: z.array(z.looseObject({ grantee: GRANTEE, privileges: PRIVILEGES })),
  })
  .meta({
    id: 'StageGrants',
    description: 'Who may use a stage.',
    examples: [
      {
        owner: 'lab',
        grants: [{ grantee: { kind: 'role', name: 'readers' }, privileges: ['READ'] }],
      },
    ],
  }) satisfies z.ZodType<StageGrantsView>;

const SCOPE = z
  .looseObject({
    stages: z.array(z.string()).nullable().meta({ description: 'Null for every stage.' }),
    prefix: z.string().nullable().meta({ description: 'With which names of files begin; null for all.' }),
    privileges: PRIVILEGES,
  })
  .meta({ id: 'TokenScope', description: 'What a token is good for.' });

const OF_ANY_TOKEN = {
  id: z.string(),
  name: z.string(),
  scope: SCOPE.nullable().meta({ description: 'Null for a token that may do all that its user may.' }),
  created_on: TIME,
  expires_on: NULLABLE_TIME.meta({ description: 'Null for never.' }),
};

const TOKEN = z
  .looseObject({
    ...OF_ANY_TOKEN,
    last_used_on: NULLABLE_TIME.meta({ description: 'To the minute; null for never.' }),
  })
  .meta({
    id: 'Token',
    examples: [
      {
        id: '7a1e0c52-4a0e-4a54-9b5f-1d7c0a3f5f10',
        name: 'nightly',
        scope: { stages: ['landing'], prefix: 'nightly/', privileges: ['READ', 'WRITE'] },
        created_on: '2026-11-30T18:00:00.000Z',
        expires_on: '2027-02-28T18:00:00.000Z',
        last_used_on: null,
      },
    ],
  }) satisfies z.ZodType<TokenView>;

export const TOKENS = z.looseObject({ tokens: z.array(TOKEN) }).meta({ id: 'Tokens' });

export const ISSUED_TOKEN = z
  .looseObject({
    ...OF_ANY_TOKEN,
    token: z.string().meta({ description: 'The token itself. No other answer holds it.' }),
  })
  .meta({
    id: 'IssuedToken',
    examples: [
      {
        id: '7a1e0c52-4a0e-4a54-9b5f-1d7c0a3f5f10',
        name: 'nightly',
        token: 'sd_…',
        scope: { stages: ['landing'], prefix: 'nightly/', privileges: ['READ', 'WRITE'] },
        created_on: '2026-11-30T18:00:00.000Z',
        expires_on: '2027-02-28T18:00:00.000Z',
      },
    ],
  }) satisfies z.ZodType<IssuedTokenView>;
