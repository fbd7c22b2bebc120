import { alternate } from '../lib/alternation.mjs';
import { createS3Stage } from '../lib/context.mjs';
import { curlForm } from '../lib/curl.mjs';
import { figure, number } from '../lib/figures.mjs';
import { cpuSeconds, forgetPeak, peakMegabytes } from '../lib/process-facts.mjs';
import { median, pairedRatio } from '../lib/stats.mjs';
import { md5InList } from '../lib/stored-md5.mjs';
import { timedCommand } from '../lib/timed-command.mjs';
import { BUCKET } from '../peers/minio.mjs';

export const title = '1 GiB form upload to an S3 stage';
const GIB = 2 ** 30;
const MC = 'mc cp';

export async function measure(context) {
  const { workspace, quick } = context;
  const bytes = quick ? GIB / 4 : GIB;
  workspace.needSpace(6 * bytes);
  const file = workspace.randomFile(bytes);
  const minio = await context.peer('minio');
  const mc = await context.peer('mc');
  const builds = await context.startBuilds();
  for (const server of builds) await createS3Stage(server, minio);
  const remove = () => timedCommand(mc.file, ['rm', '--recursive', '--force', mc.at(BUCKET)], mc);
  const copy = () => timedCommand(mc.file, ['cp', '--quiet', file, mc.at(`${BUCKET}/upload.bin`)], mc);
  const uploads = [
    ...builds.map((server) => formUpload(server, file)),
    { name: MC, run: async () => ({ seconds: (await copy()).seconds }) },
  ];
  const contestants = uploads.map(({ name, run }) => ({ name, run: cleanly(run, { workspace, remove }) }));
  const samples = await alternate(contestants, { rounds: context.rounds(7, 3), random: context.random });
  const facts = uploads.map(({ name }) => `${name}: ${number(median(samples[name].seconds))} s`);
  for (const server of builds)
    facts.push(`${server.name}: md5 in LIST ${await md5InList(server, 's3', file)}`);
  return { figures: figuresOf(context, samples), facts };
}

function cleanly(run, { workspace, remove }) {
  return async (round) => {
    workspace.settle();
    const sample = await run(round);
    await remove();
    return sample;
  };
}

function formUpload({ name, host, pid }, file) {
  return {
    name,
    run: async () => {
      forgetPeak(pid);
      const before = cpuSeconds([pid]);
      const { seconds } = await curlForm({ host, stage: 's3', file, name: 'upload.bin' });
      return { seconds, cpu: cpuSeconds([pid]) - before, peak: peakMegabytes(pid) };
    },
  };
}

function figuresOf(context, samples) {
  const time = figure(context, {
    what: 'time against mc cp',
    unit: 'x',
    goal: { atMost: 1.2 },
    valueOf: (build) => pairedRatio(samples[build].seconds, samples[MC].seconds),
    detailOf: (build) =>
      `${number(median(samples[build].seconds))} s : ${number(median(samples[MC].seconds))} s`,
  });
  const record = (what, unit, key) =>
    figure(context, { what, unit, valueOf: (build) => median(samples[build][key]) });
  return [time, record('CPU of the server', 's', 'cpu'), record('peak RSS', 'MB', 'peak')];
}
