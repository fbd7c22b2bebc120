/* Many small requests on a few keep-alive connections. */
import { percentile } from '../report/stats.mjs';
import { serveJob } from '../load/worker-client.mjs';
import { openConnection } from './connection.mjs';
import { REQUESTS } from './requests.mjs';

await serveJob(async (job) => {
  const requests = REQUESTS[job.kind](job);
  const hasBody = job.kind !== 'head';
  const open = () => openConnection({ port: Number(job.host.split(':')[1]), hasBody });
  const connections = await Promise.all(Array.from({ length: job.connections }, open));
  return async () => {
    const latencies = new Float64Array(requests.length);
    let next = 0;
    const drain = async (connection) => {
      while (next < requests.length) {
        const mine = next;
        next += 1;
        const start = performance.now();
        await connection.exchange(requests[mine]);
        latencies[mine] = performance.now() - start;
      }
    };
    const start = performance.now();
    await Promise.all(connections.map(drain));
    const seconds = (performance.now() - start) / 1000;
    for (const connection of connections) connection.close();
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(latencies, share));
    return { seconds, perSecond: requests.length / seconds, p50, p99 };
  };
});
