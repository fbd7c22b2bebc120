import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../lib/api.js';
import { ErrorNotice } from '../ui/notice.js';
import { PageHead } from '../ui/page-head.js';
import { CreateRole } from './create-role.js';
import { CreateUser } from './create-user.js';
import { PEOPLE } from './people-queries.js';
import { RoleTable } from './role-table.js';
import { UserTable } from './user-table.js';

/** Users and roles, as far as the reader may see them. */
export function PeoplePage(): ReactElement {
  const [dialog, setDialog] = useState<'user' | 'role'>();
  const users = useQuery({
    queryKey: [PEOPLE, 'users'],
    queryFn: async ({ signal }) => bodyOf(api.GET('/v1/users', { signal })),
  });
  const roles = useQuery({
    queryKey: [PEOPLE, 'roles'],
    queryFn: async ({ signal }) => bodyOf(api.GET('/v1/roles', { signal })),
  });
  const close = (): void => {
    setDialog(undefined);
  };
  return (
    <>
      <PageHead
        title="Users"
        button="Create a user"
        onClick={() => {
          setDialog('user');
        }}
      />
      <ErrorNotice error={users.error} />
      {users.isSuccess ? <UserTable users={users.data.users} /> : <p role="status">Loading…</p>}
      <PageHead
        title="Roles"
        button="Create a role"
        level="h2"
        onClick={() => {
          setDialog('role');
        }}
      />
      <ErrorNotice error={roles.error} />
      {roles.isSuccess ? <RoleTable roles={roles.data.roles} /> : <p role="status">Loading…</p>}
      <p>Who may use a stage stands with the stage, under “Access”.</p>
      {dialog === 'user' && <CreateUser roles={roles.data?.roles ?? []} onClose={close} />}
      {dialog === 'role' && <CreateRole onClose={close} />}
    </>
  );
}
