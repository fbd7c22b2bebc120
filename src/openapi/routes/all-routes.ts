import type { Routes } from '../document/description.js';
import { AUDIT_ROUTES } from './audit.js';
import { CONNECTION_ROUTES } from './connections.js';
import { QUERY_ROUTES, SESSION_ROUTES } from './databend.js';
import { FILE_ROUTES, PRESIGNED_ROUTES } from './files.js';
import { GRANT_ROUTES, ROLE_ROUTES, USER_ROUTES } from './people.js';
import { QUOTA_ROUTES } from './quotas.js';
import { SERVICE_ROUTES } from './service.js';
import { STAGE_ROUTES } from './stages.js';
import { TOKEN_ROUTES } from './tokens.js';
import { UPLOAD_ROUTES } from './uploads.js';

/** Descriptions of all routes, in the order of the document. */
export const ALL_ROUTES: readonly Routes[] = [
  UPLOAD_ROUTES,
  FILE_ROUTES,
  STAGE_ROUTES,
  QUOTA_ROUTES,
  CONNECTION_ROUTES,
  PRESIGNED_ROUTES,
  GRANT_ROUTES,
  USER_ROUTES,
  ROLE_ROUTES,
  TOKEN_ROUTES,
  QUERY_ROUTES,
  SESSION_ROUTES,
  AUDIT_ROUTES,
  SERVICE_ROUTES,
];
