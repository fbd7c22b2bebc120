import { OPERATOR } from '../../access/principal.js';
import { UserCatalog } from '../../people/accounts/user-catalog.js';
import type { Person } from '../../people/people.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

/** Prints a table of all users. */
export async function listUsers({ config, report }: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    const rows: (readonly string[])[] = [['user', 'roles', 'state']];
    for await (const people of services.get(UserCatalog).show(OPERATOR)) rows.push(...people.map(rowOf));
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const row of rows) {
      const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      report(cells.join('  ').trimEnd());
    }
  });
}

function rowOf({ user, roles }: Person): readonly string[] {
  const states = [
    ...(user.isDisabled ? ['disabled'] : []),
    ...(user.mustChangePassword ? ['must change the password'] : []),
    ...(user.passwordHash === null ? ['has no password'] : []),
  ];
  return [user.name, roles.join(', '), states.join(', ')];
}
