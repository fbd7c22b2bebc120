import { join } from 'node:path';

import { alternate } from '../lib/alternation.mjs';
import { figure, number } from '../report/figures.mjs';
import { enterInLedger, localEtag } from '../load/ledger.mjs';
import { fileNames, makeManyObjects, manyFilesStorage } from '../load/many-files.mjs';
import { putEmptyObject, stageOn } from '../load/many-objects.mjs';
import { forgetPeak, peakMegabytes } from '../load/process-facts.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { runClient } from '../load/worker-client.mjs';
import { BUCKET } from '../peers/minio.mjs';

export const title = 'LIST by pages and by folders';
const MOST_MEGABYTES = 250;
const DIRECTORIES = 100;
const PAGE = 1000;
const LEAST_OF_STREAM = 0.7;

export async function measure(context) {
  const local = await measureLocal(context);
  const s3 = await measureS3(context);
  return { figures: [...local, ...s3], facts: [] };
}

async function measureLocal(context) {
  const storage = manyFilesStorage(context.workspace);
  const servers = await context.startBuilds({ settings: { INTERNAL_STORAGE_URL: `fs://${storage.root}/` } });
  const figures = [];
  const counts = context.quick ? [10_000, 100_000] : [100_000, 1_000_000];
  for (const count of counts) {
    context.report(`  ${count} local files`);
    const { stage, folder } = storage.withFiles(count);
    for (const server of servers) {
      await server.createStage({ name: stage });
      const etagOf = (name) => localEtag(join(folder, name));
      await enterInLedger(server, { stage, names: fileNames(count), etagOf });
    }
    figures.push(...(await comparePages(context, { servers, stage, count, where: 'local' })));
    const goals = { root: { atMost: 50 }, folder: { atMost: 50 } };
    figures.push(...(await timeFolders(context, { servers, stage, count, where: 'local', goals })));
  }
  const most = counts.at(-1);
  context.report(`  ${most} local files in one directory`);
  const { stage } = storage.withFlatFiles(most);
  for (const server of servers) await server.createStage({ name: stage });
  const flat = { what: `${number(most)} local in one folder: first page`, prefix: '', count: PAGE };
  figures.push(...(await timeFolder(context, { servers, stage, ...flat, goal: { atMost: 2000 } })));
  return figures;
}

async function measureS3(context) {
  const minio = await context.peer('minio');
  const servers = await context.startBuilds();
  await putEmptyObject(minio, 'sample');
  const count = context.quick ? 10_000 : 100_000;
  const stage = `n${count}`;
  context.report(`  ${count} objects`);
  makeManyObjects(join(minio.data, BUCKET), { sample: 'sample', prefix: stage, count });
  for (const server of servers) {
    await server.createStage(stageOn(minio, stage));
    await enterInLedger(server, { stage, names: fileNames(count) });
  }
  const goals = { root: { atMost: 150 }, folder: { atMost: 150 } };
  return [
    ...(await comparePages(context, { servers, stage, count, where: 'S3' })),
    ...(await timeFolders(context, { servers, stage, count, where: 'S3', goals })),
  ];
}

async function comparePages(context, { servers, stage, count, where }) {
  const contestants = servers.flatMap((server) =>
    ['rest', 'pages'].map((by) => contestant(server, `${server.name} ${by}`, { by, stage, count })),
  );
  const samples = await alternate(contestants, {
    rounds: context.rounds(count > 100_000 ? 4 : 7, 2),
    random: context.random,
  });
  const rates = (build) => samples[`${build} pages`].perSecond;
  const what = `${number(count)} ${where}, pages of ${number(PAGE)}`;
  return [
    figure(context, {
      what: `${what}: rows/s against one stream`,
      unit: 'x',
      valueOf: (build) => pairedRatio(rates(build), samples[`${build} rest`].perSecond),
      speedsOf: rates,
      detailOf: (build) =>
        `${number(median(rates(build)))} : ${number(median(samples[`${build} rest`].perSecond))} rows/s`,
      goal: { atLeast: LEAST_OF_STREAM },
    }),
    figure(context, {
      what: `${what}: peak RSS`,
      unit: 'MB',
      valueOf: (build) => Math.max(...samples[`${build} pages`].peak),
      goal: { atMost: MOST_MEGABYTES },
    }),
  ];
}

async function timeFolders(context, { goals, count, where, ...stage }) {
  const inFolder = count / DIRECTORIES;
  const root = { what: `${number(count)} ${where} in ${DIRECTORIES} folders: the root`, prefix: '' };
  const one = { what: `${number(count)} ${where}: a folder of ${number(inFolder)}`, prefix: 'd50/' };
  return [
    ...(await timeFolder(context, { ...stage, ...root, count: DIRECTORIES, goal: goals.root })),
    ...(await timeFolder(context, { ...stage, ...one, count: Math.min(inFolder, PAGE), goal: goals.folder })),
  ];
}

async function timeFolder(context, { servers, stage, prefix, count, what, goal }) {
  const contestants = servers.map((server) =>
    contestant(server, server.name, { by: 'folder', stage, prefix, count }),
  );
  const samples = await alternate(contestants, { rounds: context.rounds(9, 3), random: context.random });
  const valueOf = (build) => median(samples[build].firstRow);
  return [figure(context, { what, unit: 'ms', valueOf, goal })];
}

function contestant({ host, pid }, name, job) {
  return {
    name,
    run: async () => {
      forgetPeak(pid);
      const listing = await runClient('listing', { host, ...job });
      return { ...listing, peak: peakMegabytes(pid) };
    },
  };
}
