import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { findProgram, SYSTEM_FOLDERS } from '../../../scripts/lib/programs.mjs';
import { stepsOf } from '../documents/page-steps.js';

const PAGE = resolve(import.meta.dirname, '../../../docs/operate/proxy.md');
const START_TIMEOUT_MS = 10_000;

export type ProxyName = 'nginx' | 'haproxy';

export interface FrontProxy {
  /** All it wrote so far, and the access log. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

interface Setup {
  /** The name of the block in the page. */
  readonly block: string;
  /** What the page has, and what a test has in its place: ports and paths alone. */
  readonly replacements: Readonly<Record<string, string>>;
  /** Lines that only root can carry out. */
  readonly rootOnly: RegExp;
  readonly args: (configuration: string) => readonly string[];
  readonly accessLog?: string;
}

/** Where a proxy stands, and what it leads to. */
export interface ProxyPlace {
  readonly folder: string;
  readonly port: number;
  /** Host and port of Stagedoor. */
  readonly server: string;
  /** Certificate and key, each in a file and both in one. */
  readonly certificate: { readonly chain: string; readonly key: string; readonly both: string };
}

/** The installed program, or undefined. */
export function findProxy(name: ProxyName): string | undefined {
  return findProgram(name, SYSTEM_FOLDERS);
}

/** Starts a proxy with the configuration that the page shows. */
export async function startProxy(name: ProxyName, program: string, place: ProxyPlace): Promise<FrontProxy> {
  const { block, replacements, rootOnly, args, accessLog } = setups[name](place);
  const configuration = join(place.folder, block);
  await writeFile(configuration, configured(await blockOfPage(block), replacements, rootOnly));
  const child = spawn(program, args(configuration), { stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exit;
  };
  try {
    await untilListening(place.port, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start:\n${output}`, { cause: error });
  }
  const logs = async () => output + (accessLog === undefined ? '' : await readFile(accessLog, 'utf8'));
  return { logs, stop };
}

const setups: Readonly<Record<ProxyName, (place: ProxyPlace) => Setup>> = {
  nginx: ({ folder, port, server, certificate }) => ({
    block: 'nginx.conf',
    replacements: {
      '/run/nginx.pid': join(folder, 'nginx.pid'),
      '/var/log/nginx/stagedoor.log': join(folder, 'access.log'),
      'listen 443': `listen 127.0.0.1:${String(port)}`,
      '127.0.0.1:8000': server,
      '/etc/ssl/stagedoor/fullchain.pem': certificate.chain,
      '/etc/ssl/stagedoor/privkey.pem': certificate.key,
    },
    rootOnly: /^user .*\n/gm,
    args: (file) => ['-c', file, '-e', join(folder, 'error.log'), '-g', 'daemon off;'],
    accessLog: join(folder, 'access.log'),
  }),
  haproxy: ({ port, server, certificate }) => ({
    block: 'haproxy.cfg',
    replacements: {
      'bind :443': `bind 127.0.0.1:${String(port)}`,
      '127.0.0.1:8000': server,
      '/etc/haproxy/stagedoor.pem': certificate.both,
    },
    rootOnly: /^ *(user|group) .*\n/gm,
    args: (file) => ['-db', '-f', file],
  }),
};

async function blockOfPage(name: string): Promise<string> {
  for (const step of stepsOf(await readFile(PAGE, 'utf8'))) {
    if (step.kind === 'write' && step.name === name) return step.text;
  }
  throw new Error(`${PAGE} has no block file=${name}`);
}

function configured(text: string, replacements: Setup['replacements'], rootOnly: RegExp): string {
  let result = process.getuid?.() === 0 ? text : text.replace(rootOnly, '');
  for (const [from, to] of Object.entries(replacements)) {
    if (!result.includes(from)) throw new Error(`the page's configuration has no ${from}`);
    result = result.replaceAll(from, to);
  }
  return result;
}

async function untilListening(port: number, hasEnded: () => boolean): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && !hasEnded()) {
    if (await listens(port)) return;
    await delay(50);
  }
  throw new Error(`nothing listens on port ${String(port)}`);
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
