import { ACCOUNT_ADMIN, PUBLIC } from '../../access/rights.js';

export interface Role {
  /** Unique for each creation; the name, for the built-in roles. */
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly createdOn: Date;
  readonly updatedOn: Date;
}

export type GranteeKind = 'user' | 'role';

export interface RoleMember {
  readonly roleId: string;
  readonly memberId: string;
}

/** All roles, and which of them contain which: a role has all that is granted to the roles that it contains. */
export class RoleGraph {
  readonly roles: readonly Role[];
  readonly #byId: ReadonlyMap<string, Role>;
  readonly #byName: ReadonlyMap<string, Role>;
  /** By id: the roles that are granted to a role. */
  readonly #contained = new Map<string, string[]>();

  /** @param roles ordered by name. @param members roles that other roles are granted to. */
  constructor(roles: readonly Role[], members: readonly RoleMember[]) {
    this.roles = roles;
    this.#byId = new Map(roles.map((role) => [role.id, role]));
    this.#byName = new Map(roles.map((role) => [role.name, role]));
    for (const { roleId, memberId } of members) {
      const contained = this.#contained.get(memberId) ?? [];
      this.#contained.set(memberId, [...contained, roleId]);
    }
  }

  find(name: string): Role | undefined {
    return this.#byName.get(name);
  }

  get(id: string): Role | undefined {
    return this.#byId.get(id);
  }

  /** The roles granted to a role directly, ordered by name. */
  grantedTo(id: string): readonly Role[] {
    return this.sorted(this.#contained.get(id) ?? []);
  }

  /** The ids of these roles and of all that they contain. The role of administrators contains every role. */
  closure(ids: Iterable<string>): ReadonlySet<string> {
    const reached = this.grantedClosure(ids);
    return reached.has(ACCOUNT_ADMIN) ? new Set([...reached, ...this.#byId.keys()]) : reached;
  }

  /** As `closure`, for what was granted: the role of administrators contains nothing by its nature. */
  grantedClosure(ids: Iterable<string>): ReadonlySet<string> {
    const reached = new Set<string>();
    const open = [...ids];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (reached.has(id) || !this.#byId.has(id)) continue;
      reached.add(id);
      open.push(...(this.#contained.get(id) ?? []));
    }
    return reached;
  }

  sorted(ids: Iterable<string>): readonly Role[] {
    const found = [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []);
    return found.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }
}

export function isBuiltIn({ id }: { readonly id: string }): boolean {
  return id === ACCOUNT_ADMIN || id === PUBLIC;
}
