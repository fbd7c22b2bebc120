import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { alternate } from '../lib/alternation.mjs';
import { curlForm, curlPut } from '../load/curl.mjs';
import { figure, number, speedsFrom } from '../report/figures.mjs';
import { withCpu } from '../load/process-facts.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { md5InList } from '../load/stored-md5.mjs';

export const title = '1 GiB form upload to a local stage';
const GIB = 2 ** 30;
const SYNCED = 'nginx PUT and sync';

export async function measure(context) {
  const { workspace, quick } = context;
  const bytes = quick ? GIB / 4 : GIB;
  workspace.needSpace(6 * bytes);
  const file = workspace.randomFile(bytes);
  const builds = await context.startBuilds();
  const contestants = [
    ...builds.map((server) => formUpload(server, file, bytes)),
    ...nginxUploads(await context.peer('nginx'), file),
    plainUpload(await context.peer('pipeline'), file),
    ...(quick ? [] : [tusUpload(await context.peer('tusd'), file)]),
  ];
  const settled = contestants.map(({ name, run }) => ({
    name,
    run: async (round) => {
      workspace.settle();
      return run(round);
    },
  }));
  const samples = await alternate(settled, { rounds: context.rounds(7, 3), random: context.random });
  const facts = [];
  for (const server of builds) {
    facts.push(`${server.name}: md5 in LIST ${await md5InList(server, '~', file)}`);
  }
  const peers = contestants.slice(builds.length).map(({ name }) => name);
  return { figures: figuresOf(context, samples, peers), facts };
}

function figuresOf(context, samples, peers) {
  const middle = (name, key) => number(median(samples[name][key]));
  const against = (peer, goal) =>
    figure(context, {
      what: `time against ${peer}`,
      unit: 'x',
      goal,
      valueOf: (build) => pairedRatio(samples[build].seconds, samples[peer].seconds),
      speedsOf: (build) => speedsFrom(samples[build].seconds),
      detailOf: (build) => `${middle(build, 'seconds')} s : ${middle(peer, 'seconds')} s`,
    });
  const cpu = figure(context, {
    what: 'CPU of the server',
    unit: 's',
    valueOf: (build) => median(samples[build].cpu),
    detailOf: () => peers.map((peer) => `${peer} ${middle(peer, 'cpu')} s`).join(', '),
  });
  return [...peers.map((peer) => against(peer, peer === SYNCED ? { atMost: 1 } : {})), cpu];
}

function formUpload({ name, host, pid, userStage }, file, bytes) {
  const stored = join(userStage, 'upload.bin');
  return {
    name,
    run: async () => {
      const upload = () => curlForm({ host, stage: '~', file, name: 'upload.bin' });
      const { seconds, cpu } = await withCpu([pid], upload);
      if (statSync(stored).size !== bytes) throw new Error(`${stored} is not whole`);
      // The next upload makes a new file, as that of every other contestant does.
      rmSync(stored);
      return { seconds, cpu };
    },
  };
}

function nginxUploads({ host, root, pids }, file) {
  const upload = async (finish) => {
    const stored = join(root, 'upload.bin');
    const { seconds, cpu } = await withCpu(pids(), () => curlPut({ url: `http://${host}/upload.bin`, file }));
    const start = performance.now();
    finish(stored);
    const finishSeconds = (performance.now() - start) / 1000;
    rmSync(stored);
    return { seconds: seconds + finishSeconds, cpu };
  };
  const sync = (stored) => {
    syncPath(stored);
    syncPath(root);
  };
  return [
    { name: SYNCED, run: () => upload(sync) },
    { name: 'nginx PUT without sync', run: () => upload(() => undefined) },
  ];
}

function syncPath(path) {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function plainUpload({ host, root, pid }, file) {
  return {
    name: 'pipeline(req, file)',
    run: async () => {
      const sample = await withCpu([pid], () => curlPut({ url: `http://${host}/upload.bin`, file }));
      rmSync(join(root, 'upload.bin'));
      return { seconds: sample.seconds, cpu: sample.cpu };
    },
  };
}

function tusUpload({ host, root, pid }, file) {
  const { size } = statSync(file);
  return {
    name: 'tusd PATCH',
    run: async () => {
      const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(size) };
      const created = await fetch(`http://${host}/files/`, { method: 'POST', headers });
      const url = created.headers.get('location');
      const patch = [
        'Tus-Resumable: 1.0.0',
        'Upload-Offset: 0',
        'Content-Type: application/offset+octet-stream',
      ];
      const upload = () => curlPut({ url, file, method: 'PATCH', headers: patch });
      const { seconds, cpu } = await withCpu([pid], upload);
      const id = new URL(url).pathname.split('/').at(-1);
      for (const name of [id, `${id}.info`]) rmSync(join(root, name));
      return { seconds, cpu };
    },
  };
}
