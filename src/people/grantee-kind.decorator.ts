import { Param, type PipeTransform } from '@nestjs/common';
import { RequestError } from '../http/request/request-error.js';
import type { GranteeKind } from '../users/roles/role-graph.js';

const KINDS: ReadonlyMap<string, GranteeKind> = new Map([
  ['users', 'user'],
  ['roles', 'role'],
]);

const granteeKind: PipeTransform<string, GranteeKind> = {
  transform(segment) {
    const kind = KINDS.get(segment);
    if (kind !== undefined) return kind;
    throw new RequestError(
      'UnknownRoute',
      'There is nothing at this path: users or roles must stand before the name.',
    );
  },
};

/** Injects the kind of user or role that a path ending in `users/{name}` or `roles/{name}` names. */
export const GranteeKindParam = (): ParameterDecorator => Param('kind', granteeKind);
