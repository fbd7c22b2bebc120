import type { ReactElement } from 'react';
import type { Schemas } from '../lib/api.js';
import { Table } from '../ui/table.js';

const COLUMNS = ['Name', 'Holds', 'Comment'];

export function RoleTable({ roles }: { readonly roles: readonly Schemas['Role'][] }): ReactElement {
  return (
    <Table caption="Roles" columns={COLUMNS}>
      {roles.map(({ name, inherited_roles: inherited, comment }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>{inherited.join(', ')}</td>
          <td className="wrap">{comment}</td>
        </tr>
      ))}
    </Table>
  );
}
