import { readFileSync } from 'node:fs';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { burst } from './load-burst.mjs';
import { idleConnections } from './load-idle.mjs';

const MIB = 1024 * 1024;
const MAX_RSS_MIB = 512;

/**
 * The server that is put under load, in a process of its own.
 *
 * @template {{ violations: readonly string[] }} Result
 * @param {Readonly<Record<string, string>>} settings
 * @param {(port: number) => Promise<Result>} use
 */
async function withServer(settings, use) {
  const server = await startBuiltServer({ LOG_LEVEL: 'fatal', ...settings });
  try {
    const result = await use(Number(server.host.split(':')[1]));
    const peak = peakRssMib(server.child.pid);
    const violations = [...result.violations];
    if (server.child.exitCode !== null) violations.push(`the server ended with ${server.child.exitCode}`);
    if (peak >= MAX_RSS_MIB) violations.push(`the server has taken ${peak} MiB of memory`);
    return { ...result, peak, violations };
  } finally {
    await server.stop();
  }
}

/**
 * Where the system tells it: Linux.
 * @param {number | undefined} pid
 */
function peakRssMib(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/**
 * So many uploads of 8 MiB at once.
 *
 * @param {number} uploads
 * @param {Readonly<Record<string, string>>} [settings]
 */
export function runBurst(uploads, settings = {}) {
  return withServer(settings, (port) => burst(port, { uploads, bytes: 8 * MIB }));
}

/**
 * So many idle connections for so many seconds, and small requests beside them.
 *
 * @param {number} connections
 * @param {number} seconds
 * @param {Readonly<Record<string, string>>} [settings]
 */
export function runIdle(connections, seconds, settings = {}) {
  const idleTimeoutSeconds = Math.max(1, Math.floor(seconds / 2));
  const all = { UPLOAD_IDLE_TIMEOUT_SECONDS: String(idleTimeoutSeconds), ...settings };
  return withServer(all, (port) => idleConnections(port, { connections, seconds, idleTimeoutSeconds }));
}
