import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, type Schemas } from '../lib/api.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshPeople } from './people-queries.js';
import { RoleChoice } from './role-choice.js';

/** A user or a role that has roles. */
export interface Member {
  readonly kind: 'users' | 'roles';
  readonly name: string;
  readonly granted: readonly string[];
}

interface EditRolesProps {
  readonly member: Member;
  readonly roles: readonly Schemas['Role'][];
  readonly onClose: () => void;
}

/** Grants and revokes the roles of somebody who is there. */
export function EditRoles({ member, roles, onClose }: EditRolesProps): ReactElement {
  const [granted, setGranted] = useState(member.granted);
  const granting = useMutation({
    mutationFn: async () => changeRoles(member, granted),
    onSuccess: onClose,
    onSettled: refreshPeople,
  });
  const others = roles.filter(({ name }) => member.kind === 'users' || name !== member.name);
  return (
    <Modal title={`Roles of ${member.name}`} onClose={onClose}>
      <p>What a role may do, whoever has it may do, from the next request on.</p>
      <Form submit="Save the roles" isBusy={granting.isPending} onSubmit={granting.mutate}>
        <RoleChoice roles={others} granted={granted} onGrant={setGranted} />
        <ErrorNotice error={granting.error} />
      </Form>
    </Modal>
  );
}

/** Grants first: what is moved from one role to another is never missing. */
async function changeRoles({ kind, name, granted }: Member, wanted: readonly string[]): Promise<void> {
  const path = (role: string) => ({ params: { path: { name: role, kind, member: name } } });
  for (const role of wanted.filter((each) => !granted.includes(each)))
    await api.PUT('/v1/roles/{name}/members/{kind}/{member}', path(role));
  for (const role of granted.filter((each) => !wanted.includes(each)))
    await api.DELETE('/v1/roles/{name}/members/{kind}/{member}', path(role));
}
