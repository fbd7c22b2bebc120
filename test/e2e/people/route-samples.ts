interface Answer {
  readonly status: number;
  readonly code?: number;
}

/** A `RouteSample`, whose path is not made by putting the name of a stage in place of `:name`. */
interface PeopleSample extends Answer {
  readonly path?: (asked: { readonly stage: string }) => string;
  readonly body?: () => object;
  readonly own?: Answer;
  readonly hidden?: Answer;
}

/** Names of a user and a role that are there whenever a sample is asked. */
const USER = 'subject';
const ROLE = 'subject_role';
const at =
  (path: string): (() => string) =>
  () =>
    path;

/** There is no such token. */
const NO_TOKEN = { status: 404, code: 404 } as const;
/** Nobody grants anything on an own stage. */
const OF_OWN_STAGE = { status: 404, code: 2501 } as const;
const GRANTEE: PeopleSample = {
  status: 204,
  path: ({ stage }) => `/v1/stages/${stage}/grants/users/${USER}`,
  own: OF_OWN_STAGE,
};
const MEMBER: PeopleSample = { status: 204, path: at(`/v1/roles/${ROLE}/members/users/${USER}`) };

/** A request for each route of people, and what it is answered to who may. */
export const PEOPLE_ROUTE_SAMPLES: Readonly<Record<string, PeopleSample>> = {
  'GET /v1/users': { status: 200 },
  'POST /v1/users': { status: 200, body: () => ({ name: 'made', auth_string: 'p4ssw0rd' }) },
  'GET /v1/users/:name': { status: 200, path: at(`/v1/users/${USER}`) },
  'PATCH /v1/users/:name': {
    status: 200,
    path: at(`/v1/users/${USER}`),
    body: () => ({ default_warehouse: 'w' }),
  },
  'DELETE /v1/users/:name': { status: 204, path: at(`/v1/users/${USER}`) },
  'PUT /v1/password': { status: 204, body: () => ({ password: 'another p4ssw0rd' }) }, // 403 2218 for root
  'GET /v1/roles': { status: 200 },
  'POST /v1/roles': { status: 201, body: () => ({ name: 'made' }) },
  'GET /v1/roles/:name': { status: 200, path: at(`/v1/roles/${ROLE}`) },
  'PATCH /v1/roles/:name': { status: 200, path: at(`/v1/roles/${ROLE}`), body: () => ({ comment: 'c' }) },
  'DELETE /v1/roles/:name': { status: 204, path: at(`/v1/roles/${ROLE}`) },
  'GET /v1/roles/:name/members': { status: 200, path: at(`/v1/roles/${ROLE}/members`) },
  'PUT /v1/roles/:name/members/:kind/:member': MEMBER,
  // As in SQL, a role that is not there is revoked already: for whoever may grant roles.
  'DELETE /v1/roles/:name/members/:kind/:member': { ...MEMBER, hidden: { status: 403, code: 1063 } },
  'GET /v1/stages/:name/grants': { status: 200, own: OF_OWN_STAGE },
  'PUT /v1/stages/:name/grants/:kind/:grantee': { ...GRANTEE, body: () => ({ privileges: ['READ'] }) },
  'DELETE /v1/stages/:name/grants/:kind/:grantee': GRANTEE,
  // Nobody may choose this owner: an owner and an administrator have no other role in common.
  'PUT /v1/stages/:name/owner': {
    status: 400,
    code: 1061,
    body: () => ({ role: 'public' }),
    own: OF_OWN_STAGE,
  },
  'POST /v1/tokens': { status: 201, body: () => ({ name: 'made' }) },
  'GET /v1/tokens': { status: 200 },
  'DELETE /v1/tokens/:id': NO_TOKEN,
  'GET /v1/users/:name/tokens': { status: 200, path: at(`/v1/users/${USER}/tokens`) },
  'DELETE /v1/users/:name/tokens': { status: 204, path: at(`/v1/users/${USER}/tokens`) },
  'DELETE /v1/users/:name/tokens/:id': { ...NO_TOKEN, path: at(`/v1/users/${USER}/tokens/x`) },
};
