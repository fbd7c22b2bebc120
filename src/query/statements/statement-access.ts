import { needs, type Requirement } from '../../access/requirement.js';
import type { StatementKind } from '../sql/ast.js';

const SESSION = needs('Use', 'session');

/** The requirement of each kind of statement. The executor checks those that need no look-up of a stage or connection. */
export const STATEMENT_ACCESS: Readonly<Record<StatementKind, Requirement>> = {
  'create-stage': needs('CreateStage', 'service'),
  'alter-stage': needs('Alter', 'stage'),
  'drop-stage': needs('Drop', 'stage'),
  'show-stages': needs('ShowStages', 'service'),
  'select-stages': needs('ShowStages', 'service'),
  'describe-stage': needs('Read', 'stage'),
  'select-files': needs('Read', 'stage'),
  remove: needs('Write', 'stage'),
  presign: needs(['Read', 'Write'], 'stage'),
  'create-connection': needs('CreateConnection', 'service'),
  'drop-connection': needs('Drop', 'connection'),
  'describe-connection': needs('Access', 'connection'),
  'show-connections': needs('ShowConnections', 'service'),
  'select-one': SESSION,
  'select-nothing': SESSION,
  'select-values': SESSION,
  'select-unknown': SESSION,
  use: SESSION,
  set: SESSION,
  unset: SESSION,
  'show-settings': SESSION,
  transaction: SESSION,
  'show-nothing': SESSION,
  unsupported: SESSION,
  'not-built': SESSION,
};
