import { join } from 'node:path';

import { alternate } from '../lib/alternation.mjs';
import { figure, number } from '../report/figures.mjs';
import { enterInLedger, localEtag } from '../load/ledger.mjs';
import { fileNames, manyFilesStorage } from '../load/many-files.mjs';
import { copyRecords, growDatabase } from '../load/postgres-records.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { runClient } from '../load/worker-client.mjs';

export const title = 'PostgreSQL beside SQLite';
const CONNECTIONS = 32;
const LISTED = 100_000;
const GROWN = { files: 1_000_000, stages: 100_000 };
const SQLITE = 'SQLite';
const FULL = 'PostgreSQL';
const RELAXED = 'PostgreSQL, relaxed';
const GOALS = { [FULL]: { uploads: 0.35, list: 0.7 }, [RELAXED]: { uploads: 0.6, list: 0.7 } };
const MOST = 1.1;
const LOOKED_UP = 'looked-up';

/** One build on each database. PostgreSQL runs on the same machine, and takes its share of it. */
export async function measure(context) {
  const postgres = await context.peer('postgres');
  const [build] = context.builds;
  const storage = manyFilesStorage(context.workspace);
  const start = (name, settings) =>
    context.startBuild(
      { ...build, name },
      { settings: { INTERNAL_STORAGE_URL: `fs://${storage.root}/`, ...settings } },
    );
  const urls = { [FULL]: await postgres.newDatabase(), [RELAXED]: await postgres.newDatabase() };
  const servers = [
    await start(SQLITE, {}),
    await start(FULL, { DATABASE_URL: urls[FULL] }),
    await start(RELAXED, { DATABASE_URL: urls[RELAXED], DATABASE_DURABILITY: 'relaxed' }),
  ];
  const figures = [
    ...(await compareUploads(context, servers)),
    ...(await compareLists(context, { servers, storage, urls })),
    ...(await compareSizes(context, { postgres, start })),
  ];
  return { figures, facts: [] };
}

let directories = 0;

function uploads({ name, host }, { count, connections, stage }) {
  const job = { kind: 'form', host, stage, bytes: 4096, connections, count };
  return {
    name,
    run: () => {
      directories += 1;
      return runClient('small-requests', { ...job, directory: `db${directories}` });
    },
  };
}

async function compareUploads(context, servers) {
  context.report(`  4 KiB files, ${CONNECTIONS} connections`);
  const count = context.quick ? 500 : 2000;
  const load = { count, connections: CONNECTIONS, stage: '~' };
  const contestants = servers.map((server) => uploads(server, load));
  const samples = await alternate(contestants, { rounds: context.rounds(9, 3), random: context.random });
  const rate = (name) => `${number(median(samples[name].perSecond))}/s`;
  return Object.entries(GOALS).map(([name, { uploads: atLeast }]) =>
    figure(context, {
      what: `${name}: 4 KiB files at ${CONNECTIONS} connections against ${SQLITE}`,
      unit: 'x',
      goal: { atLeast },
      valueOf: () => pairedRatio(samples[name].perSecond, samples[SQLITE].perSecond),
      detailOf: () => `${rate(name)} : ${rate(SQLITE)}`,
    }),
  );
}

async function compareLists(context, { servers, storage, urls }) {
  const count = context.quick ? 10_000 : LISTED;
  context.report(`  LIST of ${count} files`);
  const { stage, folder } = storage.withFiles(count);
  const [first] = servers;
  await first.createStage({ name: stage });
  await enterInLedger(first, {
    stage,
    names: fileNames(count),
    etagOf: (name) => localEtag(join(folder, name)),
  });
  for (const url of Object.values(urls)) await copyRecords(first, url);
  const listings = servers.flatMap(({ name, host }) =>
    ['rest', 'sql'].map((by) => ({
      name: `${name} ${by}`,
      run: () => runClient('listing', { by, host, stage, count }),
    })),
  );
  const samples = await alternate(listings, { rounds: context.rounds(7, 2), random: context.random });
  const rate = (name) => `${number(median(samples[name].perSecond))} rows/s`;
  return Object.entries(GOALS).flatMap(([name, { list: atLeast }]) =>
    ['rest', 'sql'].map((by) =>
      figure(context, {
        what: `${name}: LIST of ${number(count)} files by ${by.toUpperCase()} against ${SQLITE}`,
        unit: 'x',
        goal: { atLeast },
        valueOf: () => pairedRatio(samples[`${name} ${by}`].perSecond, samples[`${SQLITE} ${by}`].perSecond),
        detailOf: () => `${rate(`${name} ${by}`)} : ${rate(`${SQLITE} ${by}`)}`,
      }),
    ),
  );
}

/** The same upload and lookup on a small and on a grown database. */
async function compareSizes(context, { postgres, start }) {
  const places = [];
  for (const name of ['small', 'grown']) {
    const url = await postgres.newDatabase();
    const server = await start(name, { DATABASE_URL: url });
    await server.createStage({ name });
    if (name === 'grown') await growDatabase(url, { ...GROWN, pattern: name });
    const place = { host: server.host, name, stage: name };
    const one = { kind: 'form', bytes: 4096, connections: 1, count: 1, directory: LOOKED_UP };
    await runClient('small-requests', { ...one, ...place });
    places.push(place);
  }
  context.report(`  ${GROWN.files} files and ${GROWN.stages} stages`);
  const count = context.quick ? 100 : 400;
  const ofUploads = places.map((place) => uploads(place, { count, connections: 1, stage: place.stage }));
  const rounds = context.rounds(9, 4);
  const options = { rounds, random: context.random };
  const uploaded = await alternate(ofUploads, options);
  const looked = await alternate(
    places.map((place) => lookups(place, count)),
    options,
  );
  return Object.entries({ upload: uploaded, lookup: looked }).map(([work, samples]) =>
    figure(context, {
      what: `${FULL}, ${work}: ${number(GROWN.files)} files and ${number(GROWN.stages)} stages against an empty database`,
      unit: 'x',
      goal: { atMost: MOST },
      valueOf: () => pairedRatio(samples.grown.p50, samples.small.p50),
      detailOf: () =>
        `median ${number(median(samples.grown.p50))} ms : ${number(median(samples.small.p50))} ms`,
    }),
  );
}

function lookups({ name, host, stage }, count) {
  const path = `/v1/stages/${stage}/files/${LOOKED_UP}/f0`;
  const job = { kind: 'head', host, paths: Array(count).fill(path), connections: 1 };
  return { name, run: () => runClient('small-requests', job) };
}
