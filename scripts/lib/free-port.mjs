import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Outgoing connections take higher ones: from 32768 on by Linux, from 49152 on elsewhere. */
const LASTING_FROM = 20_000;
const LASTING_TO = 32_000;

/** A port of 127.0.0.1 that was free a moment ago: the caller tries another one when it is taken meanwhile. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** A free port of 127.0.0.1 that no outgoing connection takes, for a server that ends and comes back on it. */
export async function lastingPort() {
  for (;;) {
    const port = randomInt(LASTING_FROM, LASTING_TO);
    if (await isFree(port)) return port;
  }
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
