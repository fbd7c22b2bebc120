import { join } from 'node:path';

import { npmDriver } from './drivers/npm-driver.mjs';
import { pythonWith } from './python-venv.mjs';

const clients = join(import.meta.dirname, '../../test/clients');

/**
 * What the acceptance tests need of Databend's own: each is `{ name, variable, value }` or `{ name, reason }`.
 * @param {(line: string) => void} report
 */
export async function testClients(report) {
  const driver = await npmDriver(report);
  const engine = await databendEngine(report);
  return [
    {
      name: "Databend's npm driver",
      variable: 'DATABEND_DRIVER',
      value: driver.folder,
      reason: driver.reason,
    },
    {
      name: "Databend's engine",
      variable: 'DATABEND_ENGINE_PYTHON',
      value: engine.python,
      reason: engine.reason,
    },
  ];
}

/**
 * A Python that can import Databend's engine.
 * @param {(line: string) => void} report
 */
export async function databendEngine(report) {
  return pythonWith(join(clients, 'engine/requirements.txt'), 'databend-engine', report);
}

/**
 * A Python with Databend's two clients for it.
 * @param {(line: string) => void} report
 */
export async function pythonClients(report) {
  return pythonWith(join(clients, 'python/requirements.txt'), 'databend-clients', report);
}
