import { OPERATOR } from '../../access/principal.js';
import { TokenCatalog } from '../../people/tokens/token-catalog.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

/** Ends all API tokens of a user. The user may make others. */
export async function revokeTokens({ config, args: [name = ''], report }: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    const count = await services.get(TokenCatalog).revokeAllOf(name, OPERATOR);
    report(
      count === 0
        ? `${name} has no API tokens: nothing to do.`
        : `ended ${String(count)} API tokens of ${name}`,
    );
  });
}
