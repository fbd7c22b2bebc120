import { useState, type ReactElement } from 'react';
import { mayInService, type Rights } from '../session/rights.js';
import { useRights } from '../session/use-rights.js';
import { ErrorNotice } from '../ui/notice.js';
import { PageHead } from '../ui/page-head.js';
import { WhyNot } from '../ui/why-not.js';
import { CreateRole } from './create-role.js';
import { CreateUser } from './create-user.js';
import { useRoles, useUsers } from '../lib/people.js';
import { NO_PEOPLE } from './people-rights.js';
import { RoleTable } from './role-table.js';
import { UserTable } from './user-table.js';

/** Users and roles, as far as the reader may see them. */
export function PeoplePage(): ReactElement {
  const [dialog, setDialog] = useState<'user' | 'role'>();
  const rights = useRights();
  const [users, roles] = [useUsers(), useRoles()];
  const close = (): void => {
    setDialog(undefined);
  };
  return (
    <>
      <PageHead
        title="Users"
        button="Create a user"
        isOffered={mayInService(rights, 'CREATE USER')}
        onClick={() => {
          setDialog('user');
        }}
      />
      <NoPeople rights={rights} />
      <ErrorNotice error={users.error} />
      {users.isSuccess ? (
        <UserTable users={users.data} roles={roles.data ?? []} />
      ) : (
        <p role="status">Loading…</p>
      )}
      <PageHead
        title="Roles"
        button="Create a role"
        level="h2"
        isOffered={mayInService(rights, 'CREATE ROLE')}
        onClick={() => {
          setDialog('role');
        }}
      />
      <ErrorNotice error={roles.error} />
      {roles.isSuccess ? <RoleTable roles={roles.data} /> : <p role="status">Loading…</p>}
      <p>
        Which role may use which stage is shown under <a href="#/access">Access</a>.
      </p>
      {dialog === 'user' && <CreateUser roles={roles.data ?? []} onClose={close} />}
      {dialog === 'role' && <CreateRole onClose={close} />}
    </>
  );
}

function NoPeople({ rights }: { readonly rights: Rights }): ReactElement | null {
  if (!rights.isKnown || mayInService(rights, 'CREATE USER')) return null;
  return <WhyNot text="You see yourself, and whom you may see." reason={NO_PEOPLE} />;
}
