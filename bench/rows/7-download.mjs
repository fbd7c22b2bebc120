import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { alternate } from '../lib/alternation.mjs';
import { curlGet } from '../load/curl.mjs';
import { figure, number, speedsFrom } from '../report/figures.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { runClient } from '../load/worker-client.mjs';
import { CREDENTIALS } from '../peers/stagedoor.mjs';

export const title = 'downloads from a local stage';
const GIB = 2 ** 30;
const RANGES = 1000;
const RANGE_BYTES = 65_536;
const NGINX = 'nginx GET';

export async function measure(context) {
  const { workspace, quick } = context;
  const bytes = quick ? GIB / 4 : GIB;
  const file = workspace.randomFile(bytes);
  const nginx = await context.peer('nginx');
  const builds = await context.startBuilds();
  linkSync(file, join(nginx.root, 'download.bin'));
  for (const { userStage } of builds) {
    mkdirSync(userStage, { recursive: true });
    linkSync(file, join(userStage, 'download.bin'));
  }
  const targets = [
    { name: NGINX, host: nginx.host, path: '/download.bin' },
    ...builds.map(({ name, host }) => ({
      name,
      host,
      path: '/v1/stages/~/files/download.bin',
      authorized: true,
    })),
  ];
  const rounds = { rounds: context.rounds(7, 3), random: context.random };
  const whole = await alternate(targets.map(wholeFile), rounds);
  const starts = () => Math.floor(context.random() * (bytes - RANGE_BYTES));
  const ranges = await alternate(
    targets.map((target) => manyRanges(target, Array.from({ length: RANGES }, starts))),
    { ...rounds, rounds: 2 * rounds.rounds },
  );
  return { figures: figuresOf(context, { whole, ranges, bytes }), facts: [] };
}

function wholeFile({ name, host, path, authorized }) {
  const credentials = authorized ? CREDENTIALS : undefined;
  return {
    name,
    run: async () => ({ seconds: (await curlGet({ url: `http://${host}${path}`, credentials })).seconds }),
  };
}

function manyRanges({ name, ...target }, starts) {
  const job = { kind: 'range', ...target, starts, bytes: RANGE_BYTES, connections: 1 };
  return { name, run: () => runClient('small-requests', job) };
}

function figuresOf(context, { whole, ranges, bytes }) {
  const speed = (samples, size) => `${number(size / median(samples.seconds) / 1e6)} MB/s`;
  const against = (what, samples, { least, size }) =>
    figure(context, {
      what: `${what}: speed against nginx GET`,
      unit: 'x',
      goal: { atLeast: least },
      valueOf: (build) => pairedRatio(samples[NGINX].seconds, samples[build].seconds),
      speedsOf: (build) => speedsFrom(samples[build].seconds),
      detailOf: (build) => `${speed(samples[build], size)} : ${speed(samples[NGINX], size)}`,
    });
  return [
    against(`${bytes / GIB} GiB`, whole, { least: 0.9, size: bytes }),
    against('1,000 ranges of 64 KiB', ranges, { least: 0.5, size: RANGES * RANGE_BYTES }),
  ];
}
