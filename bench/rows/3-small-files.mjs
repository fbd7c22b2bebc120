import { alternate } from '../lib/alternation.mjs';
import { createS3Stage } from '../lib/context.mjs';
import { figure, number } from '../report/figures.mjs';
import { cpuSeconds } from '../load/process-facts.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { runClient } from '../load/worker-client.mjs';
import { BUCKET } from '../peers/minio.mjs';

export const title = '4 KiB files';
const BYTES = 4096;
const TRIAL = 400;
const CONNECTIONS = [1, 8, 32];
const NGINX = 'nginx PUT';
const MINIO = 'MinIO PUT';
const GOALS = {
  'local stage': { [MINIO]: { 1: 1, 8: 1, 32: 1 }, [NGINX]: { 32: 0.4 } },
  'S3 stage': { [MINIO]: { 8: 0.75, 32: 0.75 } },
};

export async function measure(context) {
  const nginx = await context.peer('nginx');
  const minio = await context.peer('minio');
  const builds = await context.startBuilds();
  for (const server of builds) await createS3Stage(server, minio);
  const targets = [
    { name: NGINX, pids: nginx.pids, job: { kind: 'put', host: nginx.host, path: '' } },
    {
      name: MINIO,
      pids: minio.pids,
      job: { kind: 'signedPut', host: minio.host, path: `/${BUCKET}`, keys: minio.keys },
    },
    ...builds.flatMap((server) => stagesOf(server)),
  ];
  const figures = [];
  for (const connections of CONNECTIONS) {
    context.report(`  ${connections} connections`);
    const seconds = context.quick ? 0.4 : 2;
    const contestants = [];
    for (const target of targets) contestants.push(await contestant(target, { connections, seconds }));
    const rounds = context.rounds(7, 2);
    const samples = await alternate(contestants, { rounds, random: context.random });
    figures.push(...figuresOf(context, connections, samples));
  }
  return { figures, facts: [] };
}

function stagesOf({ name, host, pid }) {
  const form = { kind: 'form', host };
  const pids = () => [pid];
  return [
    { name: `${name}, local stage`, pids, job: { ...form, stage: '~' } },
    { name: `${name}, S3 stage`, pids, job: { ...form, stage: 's3' } },
  ];
}

let directories = 0;

/** Runs about the same time whoever is measured: a first run says how many requests that takes. */
async function contestant({ name, pids, job }, { connections, seconds }) {
  const run = async (count) => {
    directories += 1;
    const directory = `small${directories}`;
    const client = { ...job, bytes: BYTES, connections, count, directory };
    return runClient('small-requests', client, () => {
      const before = cpuSeconds(pids());
      return () => ({ cpu: ((cpuSeconds(pids()) - before) * 1e6) / count });
    });
  };
  const { perSecond } = await run(TRIAL * Math.min(connections, 4));
  const count = Math.min(20_000, Math.max(TRIAL, Math.round(perSecond * seconds)));
  return { name, run: () => run(count) };
}

function figuresOf(context, connections, samples) {
  const on = `${connections} connection${connections === 1 ? '' : 's'}`;
  return Object.entries(GOALS).flatMap(([stage, peers]) => {
    const of = (build) => samples[`${build}, ${stage}`];
    const against = (peer) =>
      figure(context, {
        what: `${stage}, ${on}: requests/s against ${peer}`,
        unit: 'x',
        goal: goalOf(peers[peer][connections]),
        valueOf: (build) => pairedRatio(of(build).perSecond, samples[peer].perSecond),
        speedsOf: (build) => of(build).perSecond,
        detailOf: (build) => `${describe(of(build))} : ${describe(samples[peer])}`,
      });
    return Object.keys(peers).map(against);
  });
}

function goalOf(least) {
  return least === undefined ? {} : { atLeast: least };
}

function describe({ perSecond, p50, p99, cpu }) {
  const [rate, half, most, work] = [perSecond, p50, p99, cpu].map((values) => number(median(values)));
  return `${rate}/s, p50 ${half} ms, p99 ${most} ms, ${work} us CPU`;
}
