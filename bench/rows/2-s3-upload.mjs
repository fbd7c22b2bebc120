import { alternate } from '../lib/alternation.mjs';
import { createS3Stage } from '../lib/context.mjs';
import { curlForm } from '../load/curl.mjs';
import { figure, number, speedsFrom } from '../report/figures.mjs';
import { forgetPeak, peakMegabytes, withCpu } from '../load/process-facts.mjs';
import { median, pairedRatio } from '../report/stats.mjs';
import { md5InList } from '../load/stored-md5.mjs';
import { timedCommand } from '../load/timed-command.mjs';
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
  const copy = async () => {
    const { seconds } = await timedCommand(
      mc.file,
      ['cp', '--quiet', file, mc.at(`${BUCKET}/upload.bin`)],
      mc,
    );
    return { seconds };
  };
  const uploads = [...builds.map((server) => formUpload(server, file)), { name: MC, run: copy }];
  const contestants = uploads.map(({ name, run }) => ({
    name,
    run: cleanly(run, { workspace, minio, remove }),
  }));
  const samples = await alternate(contestants, { rounds: context.rounds(7, 3), random: context.random });
  const facts = [];
  for (const server of builds) {
    facts.push(`${server.name}: md5 in LIST ${await md5InList(server, 's3', file)}`);
  }
  return { figures: figuresOf(context, samples), facts };
}

function cleanly(run, { workspace, minio, remove }) {
  return async (round) => {
    workspace.settle();
    const { cpu: storeCpu, ...sample } = await withCpu(minio.pids(), () => run(round));
    await remove();
    return { ...sample, storeCpu };
  };
}

function formUpload({ name, host, pid }, file) {
  return {
    name,
    run: async () => {
      forgetPeak(pid);
      const upload = () => curlForm({ host, stage: 's3', file, name: 'upload.bin' });
      const { seconds, cpu } = await withCpu([pid], upload);
      return { seconds, serverCpu: cpu, peak: peakMegabytes(pid) };
    },
  };
}

function figuresOf(context, samples) {
  const time = figure(context, {
    what: 'time against mc cp',
    unit: 'x',
    goal: { atMost: 1.2 },
    valueOf: (build) => pairedRatio(samples[build].seconds, samples[MC].seconds),
    speedsOf: (build) => speedsFrom(samples[build].seconds),
    detailOf: (build) =>
      `${number(median(samples[build].seconds))} s : ${number(median(samples[MC].seconds))} s`,
  });
  const record = (what, unit, key) =>
    figure(context, { what, unit, valueOf: (build) => median(samples[build][key]) });
  const storeCpu = figure(context, {
    what: 'CPU of MinIO meanwhile',
    unit: 's',
    valueOf: (build) => median(samples[build].storeCpu),
    detailOf: () => `for mc ${number(median(samples[MC].storeCpu))} s`,
  });
  return [time, record('CPU of the server', 's', 'serverCpu'), storeCpu, record('peak RSS', 'MB', 'peak')];
}
