/* Large forms at once, each on a connection of its own, made of one random block again and again. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { serveJob } from '../load/worker-client.mjs';
import { openConnection } from './connection.mjs';
import { formAround } from './requests.mjs';

const BLOCK = 1 << 20;

await serveJob(async ({ host, stage, bytes, count }) => {
  const block = randomBytes(BLOCK);
  const port = Number(host.split(':')[1]);
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection({ port })));
  const upload = async ({ socket, exchange, close }, i) => {
    const { before, after } = formAround({ host, stage, directory: 'bulk', name: `f${i}`, bytes });
    const answered = exchange(before);
    // A server that refuses answers early: then there is nobody to write to.
    const written = writeBlocks(socket, block, bytes).then(() => socket.write(after));
    await Promise.race([answered, written.then(() => answered)]);
    close();
  };
  return async () => {
    const start = performance.now();
    await Promise.all(connections.map(upload));
    return { seconds: (performance.now() - start) / 1000 };
  };
});

async function writeBlocks(socket, block, bytes) {
  for (let left = bytes; left > 0; left -= BLOCK) {
    if (!socket.write(left < BLOCK ? block.subarray(0, left) : block)) await once(socket, 'drain');
  }
}
