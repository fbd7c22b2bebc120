import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, type Schemas } from '../lib/api.js';
import { ErrorNotice } from '../ui/notice.js';
import { RowButton } from '../ui/row-button.js';
import { Table } from '../ui/table.js';
import { DropUser } from './drop-user.js';
import { refreshPeople } from './people-queries.js';

type User = Pick<
  Schemas['User'],
  'name' | 'disabled' | 'grant_roles' | 'default_role' | 'must_change_password'
>;

const COLUMNS = ['Name', 'Roles', 'Default role', 'State'];

export function UserTable({ users }: { readonly users: readonly User[] }): ReactElement {
  const [dropped, setDropped] = useState<string>();
  const switching = useMutation({
    mutationFn: async ({ name, disabled }: User) =>
      api.PATCH('/v1/users/{name}', { params: { path: { name } }, body: { disabled: !disabled } }),
    onSettled: refreshPeople,
  });
  return (
    <>
      <ErrorNotice error={switching.error} />
      <Table caption="Users" columns={COLUMNS} hasActions>
        {users.map((user) => (
          <UserRow key={user.name} user={user} onSwitch={switching.mutate} onDrop={setDropped} />
        ))}
      </Table>
      {dropped !== undefined && (
        <DropUser
          name={dropped}
          onClose={() => {
            setDropped(undefined);
          }}
        />
      )}
    </>
  );
}

interface UserRowProps {
  readonly user: User;
  readonly onSwitch: (user: User) => void;
  readonly onDrop: (name: string) => void;
}

function UserRow({ user, onSwitch, onDrop }: UserRowProps): ReactElement {
  const {
    name,
    disabled,
    grant_roles: roles,
    default_role: defaultRole,
    must_change_password: mustChange,
  } = user;
  const text = disabled ? 'Let in again' : 'Disable';
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="wrap">{roles.join(', ')}</td>
      <td>{defaultRole}</td>
      <td>{disabled ? 'disabled' : mustChange ? 'must change the password' : 'active'}</td>
      <td className="row-actions">
        {name !== 'root' && (
          <>
            <RowButton
              text={text}
              label={`${text}: ${name}`}
              onClick={() => {
                onSwitch(user);
              }}
            />
            <RowButton
              text="Drop"
              label={`Drop ${name}`}
              onClick={() => {
                onDrop(name);
              }}
            />
          </>
        )}
      </td>
    </tr>
  );
}
