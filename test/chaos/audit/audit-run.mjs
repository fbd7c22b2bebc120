import { setTimeout as delay } from 'node:timers/promises';

import { withCluster } from '../support/cluster/with-cluster.mjs';
import { AuditLoad, prepare } from './audit-load.mjs';
import { compare, readAudit } from './audit-verdict.mjs';

const KILLED = 1;
/** Events wait for a second at most. */
const FLUSHED_MS = 2500;

/**
 * Sends mixed requests to three servers, kills one of them in the middle, and compares the audit with what was done.
 *
 * @param {{ seconds: number }} extent
 */
export function runAudit({ seconds }) {
  return withCluster(async (cluster) => {
    const urls = cluster.serverUrls;
    const [first = ''] = urls;
    await prepare(first);
    const load = new AuditLoad(urls);
    load.start();
    await delay((seconds * 1000) / 2);
    await cluster.killServer(KILLED);
    const kill = { server: KILLED, at: Date.now() };
    await delay((seconds * 1000) / 4);
    await cluster.startServer(KILLED);
    await delay((seconds * 1000) / 4);
    await load.stop();
    await delay(FLUSHED_MS);
    const told = await readAudit(first);
    const unanswered = load.done.filter(({ answeredAt }) => !Number.isFinite(answeredAt)).length;
    return { requests: load.done.length, unanswered, ...compare(load.done, told, kill) };
  });
}
