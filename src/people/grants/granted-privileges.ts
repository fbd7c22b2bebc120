import { Injectable } from '@nestjs/common';
import { grantKey, type GrantableKind } from '../../access/rights.js';
import { compareByteOrder } from '../../common/byte-order.js';
import { GrantableNames, type NamedObject } from '../../stages/grantable-names.js';
import { GrantRepository, type Grantee } from '../../users/grants/grant.repository.js';
import { inOrder } from './privilege-order.js';

export interface ListedObject {
  readonly kind: GrantableKind;
  /** Empty for the service. */
  readonly name: string;
}

/** Stages before connections, each ordered by name. */
export interface ListedGrants {
  /** Those on the service first. Privileges are in Databend's words and order. */
  readonly grants: readonly (ListedObject & { readonly privileges: readonly string[] })[];
  readonly owned: readonly ListedObject[];
}

const SERVICE_OBJECT = { kind: 'service', id: '', name: '' } as const;

/** Collects what users and roles have been granted, with the names of the objects. */
@Injectable()
export class GrantedPrivileges {
  constructor(
    private readonly grants: GrantRepository,
    private readonly names: GrantableNames,
  ) {}

  /**
   * @param holders whose grants are put together.
   * @param owners ids of the roles whose possessions are listed.
   */
  async of(holders: readonly Grantee[], owners: readonly string[]): Promise<ListedGrants> {
    const found = new Map<string, { object: ListedObject; privileges: string[] }>();
    for (const holder of holders) {
      const set = await this.grants.setOf(holder);
      if (set.size === 0) continue;
      for (const object of [SERVICE_OBJECT, ...(await this.#objectsOf(holder))]) {
        const key = grantKey(object.kind, object.id);
        const privileges = set.get(key);
        if (privileges === undefined) continue;
        const entry = found.get(key) ?? { object, privileges: [] };
        entry.privileges.push(...privileges);
        found.set(key, entry);
      }
    }
    const grants = [...found.values()].map(({ object: { kind, name }, privileges }) => ({
      kind,
      name,
      privileges: inOrder(privileges),
    }));
    return { grants: grants.sort(byObject), owned: await this.#owned(owners) };
  }

  async #objectsOf(holder: Grantee): Promise<readonly NamedObject[]> {
    return [
      ...(await this.names.granted('stage', holder)),
      ...(await this.names.granted('connection', holder)),
    ];
  }

  async #owned(roleIds: readonly string[]): Promise<readonly ListedObject[]> {
    const owned: ListedObject[] = [];
    for (const id of roleIds) {
      for (const kind of ['stage', 'connection'] as const) {
        owned.push(...(await this.names.owned(kind, id)).map(({ name }) => ({ kind, name })));
      }
    }
    return owned.sort(byObject);
  }
}

const ORDER: readonly GrantableKind[] = ['service', 'stage', 'connection'];

function byObject(a: ListedObject, b: ListedObject): number {
  const order = ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
  return order === 0 ? compareByteOrder(a.name, b.name) : order;
}
