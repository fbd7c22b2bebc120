import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, type Schemas } from '../lib/api.js';
import type { Rights } from '../session/rights.js';
import { useRights } from '../session/use-rights.js';
import { QuotaDialog } from '../stages/quota-dialog.js';
import { ErrorNotice } from '../ui/notice.js';
import { RowButton } from '../ui/row-button.js';
import { Table } from '../ui/table.js';
import { DropUser } from './drop-user.js';
import { EditRoles } from './edit-roles.js';
import { refreshPeople } from './people-queries.js';
import { mayWithPerson, type PeopleWord } from './people-rights.js';

type User = Pick<
  Schemas['User'],
  'name' | 'disabled' | 'grant_roles' | 'default_role' | 'must_change_password'
>;

interface UserTableProps {
  readonly users: readonly User[];
  readonly roles: readonly Schemas['Role'][];
}

interface Opened {
  readonly dialog: 'roles' | 'quota' | 'drop';
  readonly user: User;
}

const COLUMNS = ['Name', 'Roles', 'Default role', 'State'];

export function UserTable({ users, roles }: UserTableProps): ReactElement {
  const [opened, setOpened] = useState<Opened>();
  const rights = useRights();
  const switching = useMutation({
    mutationFn: async ({ name, disabled }: User) =>
      api.PATCH('/v1/users/{name}', { params: { path: { name } }, body: { disabled: !disabled } }),
    onSettled: refreshPeople,
  });
  const close = (): void => {
    setOpened(undefined);
  };
  return (
    <>
      <ErrorNotice error={switching.error} />
      <Table caption="Users" columns={COLUMNS} hasActions>
        {users.map((user) => (
          <UserRow key={user.name} {...{ user, rights }} onSwitch={switching.mutate} onOpen={setOpened} />
        ))}
      </Table>
      {opened?.dialog === 'drop' && <DropUser name={opened.user.name} onClose={close} />}
      {opened?.dialog === 'quota' && (
        <QuotaDialog owner={{ kind: 'user', name: opened.user.name }} onClose={close} />
      )}
      {opened?.dialog === 'roles' && (
        <EditRoles
          member={{ kind: 'users', name: opened.user.name, granted: opened.user.grant_roles }}
          roles={roles}
          onClose={close}
        />
      )}
    </>
  );
}

interface UserRowProps {
  readonly user: User;
  readonly rights: Rights;
  readonly onSwitch: (user: User) => void;
  readonly onOpen: (opened: Opened) => void;
}

function UserRow({ user, rights, onSwitch, onOpen }: UserRowProps): ReactElement {
  const { name, disabled, grant_roles: granted, default_role: defaultRole } = user;
  const offered = (
    word: PeopleWord,
    text: string,
    label: string,
    onClick: () => void,
  ): ReactElement | null =>
    mayWithPerson(rights, word, { name, granted }) ? (
      <RowButton text={text} label={label} onClick={onClick} />
    ) : null;
  const switched = disabled ? 'Let in again' : 'Disable';
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="wrap">{granted.join(', ')}</td>
      <td>{defaultRole}</td>
      <td>{stateOf(user)}</td>
      <td className="row-actions">
        {offered('GRANT', 'Roles', `Roles of ${name}`, () => {
          onOpen({ dialog: 'roles', user });
        })}
        {rights.hasAll && (
          <RowButton
            text="Quota"
            label={`Quota of ${name}`}
            onClick={() => {
              onOpen({ dialog: 'quota', user });
            }}
          />
        )}
        {offered('ALTER', switched, `${switched}: ${name}`, () => {
          onSwitch(user);
        })}
        {offered('DROP USER', 'Drop', `Drop ${name}`, () => {
          onOpen({ dialog: 'drop', user });
        })}
      </td>
    </tr>
  );
}

function stateOf({ disabled, must_change_password: mustChange }: User): string {
  if (disabled) return 'disabled';
  return mustChange ? 'must change the password' : 'active';
}
