import { OPERATOR } from '../../access/principal.js';
import { ACCOUNT_ADMIN } from '../../access/rights.js';
import { UserCatalog } from '../../people/accounts/user-catalog.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';
import { choosePassword, toldPassword } from './chosen-password.js';

/** Creates a user, whose first role is the default one. */
export async function createUser(call: CommandCall): Promise<void> {
  const { config, args, options, report } = call;
  const [name = ''] = args;
  const named = [options['role'] ?? []].flat().map(String);
  const roles = options['admin'] === true ? [ACCOUNT_ADMIN, ...named] : named;
  const chosen = await choosePassword(call);
  await withServices(config, async (services) => {
    const authentication = { secret: chosen.password };
    const userOptions = { defaultRole: roles[0], mustChangePassword: chosen.mustChange };
    await services.get(UserCatalog).create({ name, authentication, options: userOptions, roles }, OPERATOR);
    report(`created the user ${name}, ${roles.length === 0 ? 'without a role' : `with ${roles.join(', ')}`}`);
    toldPassword(chosen).forEach(report);
  });
}
