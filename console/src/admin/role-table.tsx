import { useState, type ReactElement } from 'react';
import type { Schemas } from '../lib/api.js';
import { useRights } from '../session/use-rights.js';
import { RowButton } from '../ui/row-button.js';
import { Table } from '../ui/table.js';
import { EditRoles, type Member } from './edit-roles.js';
import { mayWithPerson } from './people-rights.js';

const COLUMNS = ['Name', 'Holds', 'Comment'];

export function RoleTable({ roles }: { readonly roles: readonly Schemas['Role'][] }): ReactElement {
  const [opened, setOpened] = useState<Member>();
  const rights = useRights();
  return (
    <>
      <Table caption="Roles" columns={COLUMNS} hasActions>
        {roles.map(({ name, inherited_roles: granted, comment }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="wrap">{granted.join(', ')}</td>
            <td className="wrap">{comment}</td>
            <td className="row-actions">
              {mayWithPerson(rights, 'GRANT', { name, granted }) && (
                <RowButton
                  text="Roles"
                  label={`Roles that ${name} holds`}
                  onClick={() => {
                    setOpened({ kind: 'roles', name, granted });
                  }}
                />
              )}
            </td>
          </tr>
        ))}
      </Table>
      {opened !== undefined && (
        <EditRoles
          member={opened}
          roles={roles}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
    </>
  );
}
