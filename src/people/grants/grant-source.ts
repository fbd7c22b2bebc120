import type { ServicePrivilege } from '../../access/service-privileges.js';
import type { GranteeKind } from '../../users/roles/role-graph.js';

/** A user or role that gets or loses something, by name. */
export interface NamedGrantee {
  readonly kind: GranteeKind;
  readonly name: string;
}

/** Privileges on an object, by its name. */
export type GrantSource =
  | { readonly on: 'service'; readonly privileges: readonly ServicePrivilege[] }
  | { readonly on: 'stage'; readonly name: string; readonly privileges: readonly ('Read' | 'Write')[] }
  | { readonly on: 'connection'; readonly name: string };
