import { OPERATOR } from '../../access/principal.js';
import { GrantCatalog } from '../../people/grants/grant-catalog.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

export async function grantRole({
  config,
  args: [role = '', name = ''],
  report,
}: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    await services.get(GrantCatalog).grantRole(role, { kind: 'user', name }, OPERATOR);
    report(`${name} has the role ${role}`);
  });
}
