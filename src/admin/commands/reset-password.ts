import type { INestApplicationContext } from '@nestjs/common';
import { OPERATOR } from '../../access/principal.js';
import { NewPasswords } from '../../people/accounts/new-password.js';
import { UserCatalog } from '../../people/accounts/user-catalog.js';
import { ROOT } from '../../users/accounts/user.js';
import { UserService } from '../../users/accounts/user.service.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';
import { choosePassword, toldPassword, type ChosenPassword } from './chosen-password.js';

/** Gives a user another password. Sessions and presigned URLs of the user end. */
export async function resetPassword(call: CommandCall): Promise<void> {
  const { config, args, report } = call;
  const [name = ''] = args;
  const chosen = await choosePassword(call);
  await withServices(config, async (services) => {
    // Nobody but the settings and this command sets that of root: it need not be changed.
    const given = name === ROOT ? { ...chosen, mustChange: false } : chosen;
    if (name === ROOT) await resetRoot(given.password, services);
    else await reset(name, given, services);
    report(`${name} has another password: sessions and presigned URLs that were made before have ended`);
    toldPassword(given).forEach(report);
    const { user } = await services.get(UserCatalog).describe(name, OPERATOR);
    if (user.isDisabled) report(`${name} is disabled: an administrator lets it in again.`);
    if (name === ROOT && config.rootPassword !== null)
      report('ROOT_PASSWORD is set, and wins at the next start of a server: change it there, too.');
  });
}

async function reset(
  name: string,
  { password, mustChange }: ChosenPassword,
  services: INestApplicationContext,
): Promise<void> {
  const change = { authentication: { secret: password }, options: { mustChangePassword: mustChange } };
  await services.get(UserCatalog).alter(name, change, OPERATOR);
}

/** The catalog leaves root to the settings. */
async function resetRoot(password: string, services: INestApplicationContext): Promise<void> {
  services.get(NewPasswords).check(password);
  await services.get(UserService).saveRoot(password);
}
