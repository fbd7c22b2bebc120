import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { figure, number } from '../report/figures.mjs';
import { forgetPeak, peakMegabytes } from '../load/process-facts.mjs';
import { median } from '../report/stats.mjs';
import { runClient } from '../load/worker-client.mjs';

export const title = 'memory and event loop during large form uploads to a local stage';
const MIB = 2 ** 20;
const LAG_MS = 50;

export async function measure(context) {
  const { quick, workspace } = context;
  const loads = quick
    ? [
        load({ count: 1, bytes: 1024 * MIB, mostMegabytes: 150 }),
        load({ count: 16, bytes: 64 * MIB, mostMegabytes: 512 }),
      ]
    : [
        load({ count: 1, bytes: 10_240 * MIB, mostMegabytes: 150 }),
        load({ count: 64, bytes: 256 * MIB, mostMegabytes: 512 }),
      ];
  const figures = [];
  const facts = [];
  for (const { what, mostMegabytes, ...sizes } of loads) {
    workspace.needSpace(1.2 * sizes.count * sizes.bytes);
    context.report(`  ${what}`);
    const seen = await measureLoad(context, sizes);
    const of = (key) => (build) => median(seen[build].map((sample) => sample[key]));
    const ofLoad = (name, unit, options) => figure(context, { what: `${what}: ${name}`, unit, ...options });
    figures.push(
      ofLoad('peak RSS', 'MB', { goal: { atMost: mostMegabytes }, valueOf: of('peak') }),
      ofLoad('event loop lag p99', 'ms', {
        goal: { atMost: LAG_MS },
        valueOf: of('p99'),
        detailOf: (build) => `p50 ${number(of('p50')(build))} ms, longest ${number(of('max')(build))} ms`,
      }),
    );
    facts.push(...context.builds.map(({ name }) => `${name}, ${what}: ${number(of('seconds')(name))} s`));
  }
  return { figures, facts };
}

function load({ count, bytes, mostMegabytes }) {
  const size = bytes >= 1024 * MIB ? `${bytes / MIB / 1024} GiB` : `${bytes / MIB} MiB`;
  return {
    what: count === 1 ? `one of ${size}` : `${count} of ${size} at once`,
    count,
    bytes,
    mostMegabytes,
  };
}

/** A server of its own for each upload: what an earlier one took of memory would count for the next. */
async function measureLoad(context, { count, bytes }) {
  const seen = Object.fromEntries(context.builds.map(({ name }) => [name, []]));
  for (let run = 0; run < context.rounds(count === 1 ? 1 : 2, 1); run += 1) {
    for (const build of context.builds) {
      context.workspace.settle();
      const server = await context.startBuild(build, { probeLag: true });
      forgetPeak(server.pid);
      await server.lag();
      const job = { host: server.host, stage: '~', bytes, count };
      const { seconds } = await runClient('bulk-forms', job);
      const peak = peakMegabytes(server.pid);
      seen[build.name].push({ seconds, peak, ...(await server.lag()) });
      await server.stop();
      rmSync(join(server.folder, 'internal'), { recursive: true });
    }
  }
  return seen;
}
