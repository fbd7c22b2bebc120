import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Runs a client of bench/clients/ in a process of its own: it prepares its job, and starts when it is told.
 * `measure` is called right before, and what it returns right after; its result is added.
 */
export async function runClient(name, job, measure = () => () => ({})) {
  const child = fork(join(import.meta.dirname, '../clients', `${name}.mjs`), {
    env: { PATH: process.env.PATH },
  });
  const ended = once(child, 'exit');
  try {
    child.send(job);
    await messageOf(child, ended);
    const measured = measure();
    child.send('go');
    const result = await messageOf(child, ended);
    if (result.failure !== undefined) throw new Error(`${name}: ${result.failure}`);
    return { ...result, ...measured() };
  } finally {
    child.kill();
    await ended;
  }
}

async function messageOf(child, ended) {
  const [message] = await Promise.race([once(child, 'message'), ended.then(() => [null])]);
  if (message === null) throw new Error('the client ended before it had a result');
  return message;
}

/** The other side: `prepare(job)` gives the function that does the work. */
export async function serveJob(prepare) {
  const [job] = await once(process, 'message');
  const work = await prepare(job);
  process.send('ready');
  await once(process, 'message');
  try {
    process.send(await work());
  } catch (error) {
    process.send({ failure: error.message });
  }
}
