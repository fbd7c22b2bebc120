/** A table of the service. Its key distinguishes its rows. */
export interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** SQL condition of the rows that migrations made and nobody has changed: an empty database holds them, too. */
  readonly builtIn?: string;
}

/** All tables whose rows belong to the service. Not `processes`: a server registers itself; not `migrations`: TypeORM's own. */
export const TABLES: readonly CopiedTable[] = [
  table(
    'users',
    ['name'],
    [
      'id',
      'password_hash',
      'auth_type',
      'credential',
      'default_role',
      'default_warehouse',
      'is_disabled',
      'must_change_password',
      'created_on',
      'updated_on',
      'quota_bytes',
      'quota_files',
    ],
  ),
  {
    ...table('roles', ['id'], ['name', 'comment', 'created_on', 'updated_on']),
    builtIn: "id IN ('account_admin', 'public') AND comment = ''",
  },
  table('role_members', ['role_id', 'member_kind', 'member_id'], []),
  table('grants', ['object_kind', 'object_id', 'privilege', 'grantee_kind', 'grantee_id'], []),
  table(
    'api_tokens',
    ['id'],
    ['user_id', 'name', 'digest', 'scope', 'created_on', 'expires_on', 'last_used_on'],
  ),
  table('signing_keys', ['purpose'], ['generation', 'changed_at']),
  table('ended_sessions', ['session_id'], ['last_use']),
  table(
    'connections',
    ['id'],
    ['name', 'storage_type', 'sealed_options', 'creator', 'created_on', 'owner_role'],
  ),
  table(
    'stages',
    ['id'],
    [
      'name',
      'kind',
      'sealed_connection',
      'connection_ref',
      'file_format',
      'comment',
      'creator',
      'created_on',
      'owner_role',
      'quota_bytes',
      'quota_files',
    ],
  ),
  table('queries', ['user_id', 'id'], ['kind', 'statement_digest', 'state', 'failure', 'touched_at']),
  table(
    'uploads',
    ['id'],
    [
      'process_id',
      'user_id',
      'user_name',
      'stage_name',
      'state',
      'started_at',
      'ended_at',
      'files',
      'failure',
      'idempotency_key',
      'request_digest',
      'answer',
      'received_bytes',
      'expected_bytes',
    ],
  ),
  table(
    'leftovers',
    ['id'],
    ['process_id', 'store', 'object_key', 'sealed_connection', 'leftover', 'is_abandoned', 'noted_at'],
  ),
  table(
    'stage_usage',
    ['store', 'prefix'],
    ['used_bytes', 'used_files', 'outside_bytes', 'outside_files', 'counted_to', 'counted_at'],
  ),
  table(
    'stage_reservations',
    ['id'],
    ['process_id', 'store', 'prefix', 'object_key', 'bytes', 'replaces', 'commits'],
  ),
  table(
    'audit_events',
    ['id'],
    [
      'user_id',
      'user_name',
      'role',
      'token_id',
      'address',
      'server',
      'request_id',
      'via',
      'action',
      'stage_name',
      'stage_id',
      'path',
      'object',
      'bytes',
      'count',
      'outcome',
      'error_kind',
      'detail',
    ],
  ),
  table(
    'stored_files',
    ['store', 'object_key', 'etag'],
    ['size', 'md5', 'creator', 'content_type', 'stored_at', 'upload_id'],
  ),
];

function table(name: string, key: readonly string[], others: readonly string[]): CopiedTable {
  return { name, key, columns: [...key, ...others] };
}
