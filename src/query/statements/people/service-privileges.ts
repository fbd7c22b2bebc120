import { SERVICE_PRIVILEGES, type ServicePrivilege } from '../../../access/service-privileges.js';
import type { ServicePrivilege as WrittenPrivilege } from '../../sql/people/people-ast.js';

/** Privileges that are part of ALL, and that no statement names on `*.*`, as in Databend. */
type OfAllAlone = 'Read' | 'Write' | 'CREATE DATAMASK';
/** The words that a statement can name. */
type Named = Exclude<ServicePrivilege, OfAllAlone>;
/** Compiles only if the parser takes all of these words. */
type Checked<Written extends Record<Named, true>> = keyof Written;

/** Converts the privileges of a statement. A word that only the parser or only access control has does not compile. */
export function servicePrivileges(
  written: readonly Checked<Readonly<Record<WrittenPrivilege, true>>>[] | 'all',
): readonly ServicePrivilege[] {
  return written === 'all' ? SERVICE_PRIVILEGES : written;
}
