import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EndpointRules } from '../../../../src/storage/endpoints/endpoint-rules.js';
import { TimedHttpAgent } from '../../../../src/storage/providers/s3/client/s3-timed-agents.js';

const TIMING = { connectMs: 1000, silenceMs: 600, retryMs: 300 };

let server: Server;
let agent: TimedHttpAgent;
let asked = 0;

beforeEach(async () => {
  asked = 0;
  server = createServer(() => {
    asked++; // and says nothing
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  agent = new TimedHttpAgent({ maxSockets: 2, timing: TIMING, endpoints: new EndpointRules() });
});

afterEach(() => {
  agent.destroy();
  server.close();
  server.closeAllConnections();
});

function failureOf(): Promise<string> {
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, agent });
    sent.on('error', ({ name }) => {
      resolve(name);
    });
    sent.end();
  });
}

it('fails whoever waits for a socket of a silent store, without asking it for each of them', async () => {
  const failures = await Promise.all(Array.from({ length: 10 }, failureOf));
  expect(failures).toEqual(Array.from({ length: 10 }, () => 'TimeoutError'));
  expect(asked).toBe(2);
});
