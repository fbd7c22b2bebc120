import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { alternate } from '../lib/alternation.mjs';
import { figure, number } from '../report/figures.mjs';
import { enterInLedger, localEtag } from '../load/ledger.mjs';
import { fileName, fileNames, manyFilesStorage } from '../load/many-files.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { runClient } from '../load/worker-client.mjs';

export const title = 'cost of one upload of 4 KiB and one lookup, as stages and catalogue grow';
const STAGES = 100_000;
const MOST = 1.1;
const FEW = 'empty stage';
const MANY = '100,000 stages';

/** In the catalogue of many stages only its size differs: the stage asked for is an empty one as well. */
export async function measure(context) {
  const storage = manyFilesStorage(context.workspace);
  const counts = context.quick ? [10_000, 100_000] : [10_000, 1_000_000];
  const stages = counts.map((count) => ({
    count,
    label: `${number(count)} files`,
    ...storage.withFiles(count),
  }));
  const samples = {};
  for (const build of context.builds) {
    context.report(`  ${build.name}`);
    const places = await placesOf(context, { build, storage, stages });
    samples[build.name] = {
      upload: await compare(context, places, uploads),
      lookup: await compare(context, places, lookups),
    };
  }
  return {
    figures: figuresOf(
      context,
      samples,
      stages.map(({ label }) => label),
    ),
    facts: [],
  };
}

/** The stages that are compared, on two servers that share their storage. */
async function placesOf(context, { build, storage, stages }) {
  const settings = { INTERNAL_STORAGE_URL: `fs://${storage.root}/` };
  const few = await context.startBuild(build, { settings });
  const many = await withManyStages(context, build, settings);
  const empty = ['few', 'many'].map((name) => `${name}${build.name}`);
  await few.createStage({ name: empty[0] });
  await many.createStage({ name: empty[1] });
  for (const { stage, folder, count } of stages) {
    await few.createStage({ name: stage });
    const etagOf = (name) => localEtag(join(folder, name));
    await enterInLedger(few, { stage, names: fileNames(count), etagOf });
  }
  await warmUp(context, few, empty[0]);
  await warmUp(context, many, empty[1]);
  const place = (label, server, stage) => ({
    label,
    host: server.host,
    stage,
    root: join(storage.root, 'stage/internal', stage),
  });
  return [
    place(FEW, few, empty[0]),
    place(MANY, many, empty[1]),
    ...stages.map(({ label, stage }) => place(label, few, stage)),
  ];
}

/** One of the servers gets three times the requests of the other: neither may be the one that is not compiled yet. */
async function warmUp({ quick }, { host }, stage) {
  const count = quick ? 1000 : 2000;
  const job = { kind: 'form', host, stage, bytes: 4096, connections: 1, count, directory: 'd00' };
  await runClient('small-requests', job);
  const paths = Array.from({ length: count }, (_, i) => `/v1/stages/${stage}/files/d00/f${i}`);
  await runClient('small-requests', { kind: 'head', host, paths, connections: 1 });
}

async function withManyStages(context, build, settings) {
  const folder = context.workspace.subfolder('stages');
  const first = await context.startBuild(build, { settings, folder });
  await first.createStage({ name: 'pattern' });
  await first.stop();
  multiplyStage(join(folder, 'stagedoor.db'), 'pattern');
  return context.startBuild(build, { settings, folder });
}

/** As many copies of a row, whatever columns it has: made through the service they would take an hour. */
function multiplyStage(path, pattern) {
  const database = new Database(path);
  const row = database.prepare('SELECT * FROM stages WHERE name = ?').get(pattern);
  const columns = Object.keys(row);
  const insert = database.prepare(
    `INSERT INTO stages (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  );
  database.transaction(() => {
    for (let i = 0; i < STAGES; i += 1) insert.run({ ...row, id: randomUUID(), name: `stage_${i}` });
  })();
  database.close();
}

async function compare(context, places, contestantOf) {
  const count = context.quick ? 100 : 400;
  const contestants = places.map((place) => contestantOf(place, count));
  return alternate(contestants, { rounds: context.rounds(9, 4), random: context.random });
}

/** New files beside those that are there, and away again. */
function uploads({ label, host, stage, root }, count) {
  const job = { kind: 'form', host, stage, bytes: 4096, connections: 1, count };
  return {
    name: label,
    run: async () => {
      const sample = await runClient('small-requests', { ...job, directory: 'd00' });
      for (let i = 0; i < count; i += 1) rmSync(join(root, 'd00', `f${i}`));
      return sample;
    },
  };
}

function lookups({ label, host, stage, root }, count) {
  const path = `/v1/stages/${stage}/files/d00/${fileName(0)}`;
  const job = { kind: 'head', host, paths: Array(count).fill(path), connections: 1 };
  mkdirSync(join(root, 'd00'), { recursive: true });
  writeFileSync(join(root, 'd00', fileName(0)), '', { flag: 'a' });
  return { name: label, run: () => runClient('small-requests', job) };
}

function figuresOf(context, samples, labels) {
  return ['upload', 'lookup'].flatMap((work) =>
    [...labels, MANY].map((label) =>
      figure(context, {
        what: `${work}: ${label} against ${FEW}`,
        unit: 'x',
        goal: { atMost: MOST },
        valueOf: (build) => pairedRatio(samples[build][work][label].p50, samples[build][work][FEW].p50),
        detailOf: (build) => detail(samples[build][work], label),
      }),
    ),
  );
}

function detail(samples, label) {
  const [grown, small] = [label, FEW].map((name) => number(median(samples[name].p50)));
  return `median ${grown} ms : ${small} ms`;
}
