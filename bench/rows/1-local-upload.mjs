import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { alternate } from '../lib/alternation.mjs';
import { curlForm, curlPut } from '../lib/curl.mjs';
import { figure, number } from '../lib/figures.mjs';
import { cpuSeconds } from '../lib/process-facts.mjs';
import { median, pairedRatio } from '../lib/stats.mjs';
import { md5InList } from '../lib/stored-md5.mjs';

export const title = '1 GiB form upload to a local stage';
const GIB = 2 ** 30;

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
  const facts = contestants.map(({ name }) => `${name}: ${number(median(samples[name].seconds))} s`);
  for (const server of builds)
    facts.push(`${server.name}: md5 in LIST ${await md5InList(server, '~', file)}`);
  return { figures: figuresOf(context, samples), facts };
}

function figuresOf(context, samples) {
  const against = (peer, goal) =>
    figure(context, {
      what: `time against ${peer}`,
      unit: 'x',
      goal,
      valueOf: (build) => pairedRatio(samples[build].seconds, samples[peer].seconds),
      detailOf: (build) =>
        `${number(median(samples[build].seconds))} s : ${number(median(samples[peer].seconds))} s`,
    });
  const cpu = figure(context, {
    what: 'CPU of the server',
    unit: 's',
    valueOf: (build) => median(samples[build].cpu),
  });
  const others = Object.keys(samples).filter((name) => samples[name].isPeer && name !== 'nginx PUT and sync');
  return [against('nginx PUT and sync', { atMost: 1 }), ...others.map((name) => against(name)), cpu];
}

function formUpload({ name, host, pid, userStage }, file, bytes) {
  const stored = join(userStage, 'upload.bin');
  return {
    name,
    run: async () => {
      const before = cpuSeconds([pid]);
      const { seconds } = await curlForm({ host, stage: '~', file, name: 'upload.bin' });
      if (statSync(stored).size !== bytes) throw new Error(`${stored} is not whole`);
      const cpu = cpuSeconds([pid]) - before;
      // The next upload makes a new file, as that of every other contestant does.
      rmSync(stored);
      return { seconds, cpu };
    },
  };
}

function nginxUploads({ host, root }, file) {
  const upload = async (finish) => {
    const stored = join(root, 'upload.bin');
    const { seconds } = await curlPut({ url: `http://${host}/upload.bin`, file });
    const start = performance.now();
    finish(stored);
    const finishSeconds = (performance.now() - start) / 1000;
    rmSync(stored);
    return { seconds: seconds + finishSeconds, isPeer: 1 };
  };
  const sync = (stored) => {
    syncPath(stored);
    syncPath(root);
  };
  return [
    { name: 'nginx PUT and sync', run: () => upload(sync) },
    { name: 'nginx PUT without sync', run: () => upload(() => undefined) },
  ];
}

function syncPath(path) {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function plainUpload({ host, root }, file) {
  return {
    name: 'pipeline(req, file)',
    run: async () => {
      const { seconds } = await curlPut({ url: `http://${host}/upload.bin`, file });
      rmSync(join(root, 'upload.bin'));
      return { seconds, isPeer: 1 };
    },
  };
}

function tusUpload({ host, root }, file) {
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
      const { seconds } = await curlPut({ url, file, method: 'PATCH', headers: patch });
      const id = new URL(url).pathname.split('/').at(-1);
      for (const name of [id, `${id}.info`]) rmSync(join(root, name));
      return { seconds, isPeer: 1 };
    },
  };
}
