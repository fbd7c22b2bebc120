import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { lastingPort } from '../../../../scripts/lib/free-port.mjs';
import { findProgram, SYSTEM_FOLDERS } from '../../../../scripts/lib/programs.mjs';
import { onInterruption } from '../../../../scripts/lib/interruption.mjs';
import { lastLines } from '../server-under-test.mjs';

/** @typedef {Awaited<ReturnType<typeof startHaproxy>>} Haproxy */

const START_TIMEOUT_MS = 10_000;
/** Answered by HAProxy itself: 200 while it sends requests to every server. */
const COMPLETE = '/all-servers-are-up';

/** The installed program, or undefined. */
export function findHaproxy() {
  return findProgram('haproxy', SYSTEM_FOLDERS);
}

/**
 * A HAProxy before servers on these ports, which it asks whether they are ready.
 *
 * @param {string} folder for its configuration and its log
 * @param {readonly number[]} serverPorts
 * @throws Error where there is none.
 */
export async function startHaproxy(folder, serverPorts) {
  const program = findHaproxy();
  if (program === undefined) throw new Error('There is no HAProxy: apt-get install haproxy');
  const port = await lastingPort();
  const [configuration, logFile] = [join(folder, 'haproxy.cfg'), join(folder, 'haproxy.log')];
  writeFileSync(configuration, configurationOf(port, serverPorts));
  const log = openSync(logFile, 'w');
  const child = spawn(program, ['-db', '-f', configuration], { stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = once(child, 'exit');
  const callOff = onInterruption(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const isComplete = async () => (await statusOf(`${url}${COMPLETE}`)) === 200;
  const stop = async () => {
    callOff();
    child.kill('SIGKILL');
    await exited;
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while ((await statusOf(`${url}${COMPLETE}`)) === 0) {
    if (Date.now() < deadline && child.exitCode === null) await delay(20);
    else {
      await stop();
      throw new Error(`HAProxy did not start:\n${lastLines(logFile)}`);
    }
  }
  return { url, isComplete, stop };
}

/**
 * As the page about several servers shows it, but round robin and quicker checks. While none is
 * ready, the servers say so themselves.
 *
 * @param {number} port
 * @param {readonly number[]} serverPorts
 */
function configurationOf(port, serverPorts) {
  const servers = serverPorts.map((one, index) => `  server server-${index + 1} 127.0.0.1:${one}`).join('\n');
  return `global
  maxconn 4096
  log stdout format raw local0

defaults
  mode http
  log global
  timeout connect 5s
  timeout http-request 60s
  timeout client 10m
  timeout server 10m
  option redispatch
  retries 3

frontend http
  bind 127.0.0.1:${port}
  monitor-uri ${COMPLETE}
  monitor fail if { nbsrv(stagedoor) lt ${serverPorts.length} }
  option forwardfor
  http-request del-header Forwarded
  http-request del-header X-Forwarded- -m beg
  http-request set-header X-Forwarded-Proto http
  log-format "%ci [%tr] %s %HM %ST %B %Tt %tsc"
  use_backend unready if { nbsrv(stagedoor) eq 0 }
  default_backend stagedoor

backend stagedoor
  balance roundrobin
  option httpchk GET /ready
  default-server check inter 500ms fall 2 rise 1
${servers}

# HAProxy's own 503 resets the connection of a client that sends a body. A server's does not.
backend unready
  balance roundrobin
${servers}
`;
}

/** @param {string} url */
async function statusOf(url) {
  return fetch(url).then(
    ({ status }) => status,
    () => 0,
  );
}
