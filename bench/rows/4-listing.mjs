import { join } from 'node:path';

import { alternate } from '../lib/alternation.mjs';
import { figure, number } from '../report/figures.mjs';
import { enterInLedger, localEtag } from '../load/ledger.mjs';
import { fileNames, makeManyObjects, manyFilesStorage } from '../load/many-files.mjs';
import { countLines } from '../load/counted-lines.mjs';
import { forgetPeak, peakMegabytes } from '../load/process-facts.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { putEmptyObject, stageOn } from '../load/many-objects.mjs';
import { runClient } from '../load/worker-client.mjs';
import { BUCKET } from '../peers/minio.mjs';

export const title = 'LIST';
const MOST_MEGABYTES = 250;
const FIND = 'find -printf';
const MC = 'mc ls --recursive';
const NO_MILLION_ON_S3 =
  'a million files on S3: not measured, since one listing by mc alone takes the better part of a minute, and a ' +
  'million objects need about 8 GB and minutes to make and to remove';

export async function measure(context) {
  const local = await measureLocal(context);
  const s3 = await measureS3(context);
  return { figures: [...local, ...s3], facts: [NO_MILLION_ON_S3] };
}

async function measureLocal(context) {
  const { workspace, quick } = context;
  const figures = [];
  const storage = manyFilesStorage(workspace);
  const servers = await context.startBuilds({ settings: { INTERNAL_STORAGE_URL: `fs://${storage.root}/` } });
  for (const count of quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]) {
    context.report(`  ${count} local files`);
    const { stage, folder } = storage.withFiles(count);
    const etagOf = (name) => localEtag(join(folder, name));
    for (const server of servers) {
      await server.createStage({ name: stage });
      await enterInLedger(server, { stage, names: fileNames(count), etagOf });
    }
    const find = {
      name: FIND,
      run: () => countLines('find', [folder, '-type', 'f', '-printf', '%p %s %T@\n'], { count }),
    };
    const contestants = [...servers.flatMap((server) => listings(server, stage, count)), find];
    const rounds = context.rounds(count > 100_000 ? 4 : 9, 2);
    const samples = await alternate(contestants, { rounds, random: context.random });
    figures.push(...figuresOf(context, { store: 'local', count, samples, peer: FIND }));
  }
  return figures;
}

async function measureS3(context) {
  const minio = await context.peer('minio');
  const mc = await context.peer('mc');
  const servers = await context.startBuilds();
  await putEmptyObject(minio, 'sample');
  const figures = [];
  for (const count of context.quick ? [10_000] : [10_000, 100_000]) {
    const prefix = `n${count}`;
    context.report(`  ${count} objects`);
    makeManyObjects(join(minio.data, BUCKET), { sample: 'sample', prefix, count });
    for (const server of servers) {
      await server.createStage(stageOn(minio, prefix));
      await enterInLedger(server, { stage: prefix, names: fileNames(count) });
    }
    const target = mc.at(`${BUCKET}/${prefix}/`);
    const list = {
      name: MC,
      run: () => countLines(mc.file, ['ls', '--recursive', target], { count, env: mc.env }),
    };
    const contestants = [...servers.flatMap((server) => listings(server, prefix, count)), list];
    const rounds = context.rounds(count > 10_000 ? 4 : 7, 2);
    const samples = await alternate(contestants, { rounds, random: context.random });
    figures.push(...figuresOf(context, { store: 'S3', count, samples, peer: MC }));
  }
  return figures;
}

function listings({ name, host, pid }, stage, count) {
  return ['rest', 'sql'].map((by) => ({
    name: `${name} ${by}`,
    run: async () => {
      forgetPeak(pid);
      const listing = await runClient('listing', { by, host, stage, count });
      return { ...listing, peak: peakMegabytes(pid) };
    },
  }));
}

function figuresOf(context, { store, count, samples, peer }) {
  const isLocal = store === 'local';
  return ['rest', 'sql'].flatMap((by) => {
    const of = (build) => samples[`${build} ${by}`];
    const record = (what, unit, { key, ...options }) =>
      figure(context, {
        what: `${number(count)} ${store}, ${by.toUpperCase()}: ${what}`,
        unit,
        valueOf: (build) => median(of(build)[key]),
        ...options,
      });
    const ratio = (build) => pairedRatio(of(build).perSecond, samples[peer].perSecond);
    const rates = (build) =>
      `${number(median(of(build).perSecond))} : ${number(median(samples[peer].perSecond))} rows/s`;
    const against = (goal) =>
      record(`rows/s against ${peer}`, 'x', {
        valueOf: ratio,
        speedsOf: (build) => of(build).perSecond,
        detailOf: rates,
        goal,
      });
    const speed = isLocal
      ? [record('rows/s', 'rows/s', { key: 'perSecond', goal: { atLeast: 150_000 } }), against({})]
      : [against({ atLeast: 1.3 })];
    const firstRow = {
      key: 'firstRow',
      goal: { atMost: isLocal ? 50 : 100 },
      detailOf: () => firstRowOf(samples[peer]),
    };
    const peak = { valueOf: (build) => Math.max(...of(build).peak), goal: { atMost: MOST_MEGABYTES } };
    return [...speed, record('first row', 'ms', firstRow), record('peak RSS', 'MB', peak)];
  });

  function firstRowOf({ firstRow }) {
    return `${peer}: ${number(median(firstRow))} ms`;
  }
}
