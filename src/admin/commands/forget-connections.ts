import { OrphanRepository } from '../../journal/cleanup/orphan.repository.js';
import { UnreadableConnections } from '../../stages/connections/unreadable-connections.repository.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

/** Drops what was encrypted with a lost key, and is therefore unreadable for everyone. */
export async function forgetConnections({ config, report }: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    const { stages, connections } = await services.get(UnreadableConnections).forget();
    for (const name of stages) report(`dropped the external stage ${name}; its files stay where they are`);
    for (const name of connections) report(`dropped the connection ${name}`);
    const orphans = await services.get(OrphanRepository).forgetUnreadable();
    if (orphans > 0) report(`forgot ${String(orphans)} unfinished uploads, which stay in their stores`);
    if (stages.length + connections.length + orphans === 0)
      report('The key opens all connections: nothing to do.');
  });
}
