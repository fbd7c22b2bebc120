import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from '../../scripts/lib/free-port.mjs';
import { command } from '../peers/stagedoor.mjs';
import { alternate } from '../lib/alternation.mjs';
import { figure, speedsFrom } from '../report/figures.mjs';
import { median } from '../report/stats.mjs';

export const title = 'start to the first 200 of /health';
const PATIENCE_MS = 30_000;

export async function measure(context) {
  const { workspace, builds } = context;
  const contestants = builds.flatMap(({ name, main, settings }) => {
    const used = workspace.subfolder('used');
    const fresh = () => workspace.subfolder('fresh');
    return [
      { name: `${name}, new folder`, run: () => start(main, fresh(), settings) },
      { name: `${name}, again`, run: () => start(main, used, settings) },
    ];
  });
  const samples = await alternate(contestants, { rounds: context.rounds(9, 4), random: context.random });
  const of = (which, goal) =>
    figure(context, {
      what: which === 'again' ? 'with the data of an earlier start' : 'with an empty data folder',
      unit: 's',
      goal,
      valueOf: (build) => median(samples[`${build}, ${which}`].seconds),
      speedsOf: (build) => speedsFrom(samples[`${build}, ${which}`].seconds),
    });
  return { figures: [of('again', { atMost: 1 }), of('new folder', { atMost: 1 })], facts: [] };
}

async function start(main, folder, settings) {
  const port = await freePort();
  const log = openSync(join(folder, 'stagedoor.log'), 'a');
  const own = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: folder, ROOT_PASSWORD: 'bench' };
  const env = { PATH: process.env.PATH, HOME: folder, ...own, ...settings };
  const { file, args } = command(main);
  const begin = performance.now();
  const child = spawn(file, args, { env, cwd: folder, stdio: ['ignore', log, log] });
  const exited = once(child, 'exit');
  try {
    while (!(await isHealthy(port))) {
      if (performance.now() - begin > PATIENCE_MS || child.exitCode !== null) throw new Error('no 200');
      await delay(2);
    }
    return { seconds: (performance.now() - begin) / 1000 };
  } finally {
    child.kill('SIGTERM');
    await exited;
    closeSync(log);
  }
}

/** By a bare socket: fetch would take its share of a core while the server starts. */
async function isHealthy(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n');
    const closed = once(socket, 'close').then(() => ['']);
    const [answer] = await Promise.race([once(socket, 'data'), closed]);
    return answer.toString('latin1').startsWith('HTTP/1.1 200 ');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
