import type { AuditAction } from '../events/audit-action.js';

/**
 * Requests for a route of which there are events. `change`: those that fail, because the event of a change is committed with it.
 * `read`: all. `use`: those that are denied.
 */
export interface RouteRule {
  readonly kind: 'change' | 'read' | 'use';
  readonly action: AuditAction;
}

const change = (action: AuditAction): RouteRule => ({ kind: 'change', action });
const read = (action: AuditAction): RouteRule => ({ kind: 'read', action });
const USE: RouteRule = { kind: 'use', action: 'service.use' };

/** Undefined: the route tells nothing of anybody, and is open to everybody. */
export const ROUTE_RULES: Readonly<Record<string, RouteRule | undefined>> = {
  'PUT /v1/upload_to_stage': change('file.put'),
  'POST /v1/upload_to_stage': change('file.put'),
  'PUT /v1/stages/:name/files': change('file.put'),
  'PUT /v1/stages/:name/files/*path': change('file.put'),
  'GET /v1/stages/:name/files': read('file.list'),
  'DELETE /v1/stages/:name/files': change('file.remove'),
  'HEAD /v1/stages/:name/files/*path': read('file.head'),
  'GET /v1/stages/:name/files/*path': read('file.get'),
  'DELETE /v1/stages/:name/files/*path': change('file.remove'),
  'GET /v1/stages/:name/zip': read('file.archive'),
  'GET /v1/stages/:name/totals': read('stage.count'),
  'POST /v1/stages/:name/copy': change('file.copy'),
  'POST /v1/stages/:name/move': change('file.move'),
  'POST /v1/stages/:name/presign': read('file.presign'),
  'HEAD /v1/presigned/*token': read('file.head'),
  'GET /v1/presigned/*token': read('file.get'),
  'PUT /v1/presigned/*token': change('file.put'),
  'GET /v1/uploads': USE,
  'GET /v1/uploads/:id': USE,
  'POST /v1/stages': change('stage.create'),
  'GET /v1/stages': read('stage.list'),
  'GET /v1/stages/:name': read('stage.show'),
  'PATCH /v1/stages/:name': change('stage.alter'),
  'DELETE /v1/stages/:name': change('stage.drop'),
  'POST /v1/stages/:name/check': read('stage.check'),
  'GET /v1/stages/:name/quota': read('stage.count'),
  'PUT /v1/stages/:name/quota': change('stage.limit'),
  'DELETE /v1/stages/:name/quota': change('stage.limit'),
  'GET /v1/users/:name/quota': read('stage.count'),
  'PUT /v1/users/:name/quota': change('stage.limit'),
  'DELETE /v1/users/:name/quota': change('stage.limit'),
  'GET /v1/stages/:name/grants': read('grant.list'),
  'PUT /v1/stages/:name/grants/:kind/:grantee': change('grant.give'),
  'DELETE /v1/stages/:name/grants/:kind/:grantee': change('grant.revoke'),
  'PUT /v1/stages/:name/owner': change('stage.give'),
  'POST /v1/connections': change('connection.create'),
  'GET /v1/connections': read('connection.list'),
  'GET /v1/connections/:name': read('connection.show'),
  'PATCH /v1/connections/:name': change('connection.alter'),
  'DELETE /v1/connections/:name': change('connection.drop'),
  'GET /v1/connections/:name/stages': read('connection.show'),
  'GET /v1/users': read('user.list'),
  'POST /v1/users': change('user.create'),
  'GET /v1/users/:name': read('user.show'),
  'PATCH /v1/users/:name': change('user.alter'),
  'DELETE /v1/users/:name': change('user.drop'),
  'PUT /v1/password': change('user.alter'),
  'GET /v1/users/:name/tokens': read('token.list'),
  'DELETE /v1/users/:name/tokens/:id': change('token.revoke'),
  'DELETE /v1/users/:name/tokens': change('token.revoke'),
  'POST /v1/tokens': change('token.create'),
  'GET /v1/tokens': read('token.list'),
  'DELETE /v1/tokens/:id': change('token.revoke'),
  'GET /v1/roles': read('role.list'),
  'POST /v1/roles': change('role.create'),
  'GET /v1/roles/:name': read('role.show'),
  'PATCH /v1/roles/:name': change('role.alter'),
  'DELETE /v1/roles/:name': change('role.drop'),
  'GET /v1/roles/:name/members': read('role.show'),
  'PUT /v1/roles/:name/members/:kind/:member': change('grant.give'),
  'DELETE /v1/roles/:name/members/:kind/:member': change('grant.revoke'),
  'GET /v1/audit': read('audit.read'),
  'POST /v1/query': USE, // each statement is an event of its own
  'GET /v1/query/:id': USE,
  'GET /v1/query/:id/page/:page{/:cursor}': USE,
  'GET /v1/query/:id/final': USE,
  'POST /v1/query/:id/final': USE,
  'GET /v1/query/:id/kill': USE,
  'POST /v1/query/:id/kill': USE,
  'POST /v1/session/login': read('user.sign_in'),
  'POST /v1/session/refresh': USE,
  'POST /v1/session/logout': read('user.sign_out'),
  'POST /v1/session/heartbeat': USE,
  'POST /v1/verify': USE,
  'PUT /v1/streaming_load': USE,
  'POST /v1/streaming_load': USE,
  'GET /metrics': USE,
  'GET /health': undefined,
  'GET /ready': undefined,
  'GET /version': undefined,
  'GET /openapi.json': undefined,
  'GET /docs': undefined,
  'GET /docs/:file': undefined,
};

/** @param route as Express has it. HEAD is also answered by a route for GET. */
export function ruleOf(method: string, route: string): RouteRule | undefined {
  return ROUTE_RULES[`${method} ${route}`] ?? (method === 'HEAD' ? ROUTE_RULES[`GET ${route}`] : undefined);
}
