import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { onInterruption } from '../../scripts/lib/interruption.mjs';
import { childrenOf } from './process-facts.mjs';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 25_000;

/**
 * Starts a server and waits until `healthUrl` answers, with whatever status.
 * `{ name, file, args, env, cwd, logFile, healthUrl }` gives `{ pid, pids, stop }`.
 */
export async function startService({ logFile, healthUrl, ...command }) {
  const log = openSync(logFile, 'a');
  const { file, args, env = process.env, cwd } = command;
  const child = spawn(file, args, { env, cwd, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]).catch((error) => [error.message]);
  const kill = () => child.kill('SIGKILL');
  const callOff = onInterruption(kill);
  const stop = async () => {
    const timer = setTimeout(kill, STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
    callOff();
  };
  try {
    await untilItAnswers(healthUrl, ended);
  } catch (error) {
    await stop();
    const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join(' ');
    throw new Error(`${command.name}: ${error.message}. ${lines}`, { cause: error });
  }
  return { pid: child.pid, pids: () => [child.pid, ...childrenOf(child.pid)], stop };
}

async function untilItAnswers(url, ended) {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (hasEnded) throw new Error('it ended while starting');
    if (await answers(url)) return;
    await delay(50);
  }
  throw new Error(`it did not answer within ${START_TIMEOUT_MS / 1000} seconds`);
}

async function answers(url) {
  try {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status < 500;
  } catch {
    return false;
  }
}
