import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LAUNCHER = resolve(import.meta.dirname, '../../../bin/stagedoor');
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

export type Environment = Readonly<Record<string, string>>;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All it wrote so far, stdout and stderr. */
  logs(): string;
  signal(name: NodeJS.Signals): void;
  /** The exit code when it ends by itself; null when a signal killed it. */
  exited(): Promise<number | null>;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>;
}

/** A folder for DATA_DIR that outlives a single server; `removeFolder` when the test is over. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'stagedoor-acceptance-'));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Starts the built server on a free port of the loopback interface and waits until it is healthy. */
export async function startServer(
  dataDir: string,
  environment: Environment = {},
  folder?: string,
): Promise<ServerProcess> {
  const port = await freePort();
  const settings = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, ...environment };
  const server = launchServer(settings, folder);
  const decided = new AbortController();
  try {
    await Promise.race([untilHealthy(server.url, decided.signal), server.exited().then(failToStart)]);
    return server;
  } catch (error) {
    server.signal('SIGKILL');
    throw new Error(`The server did not start:\n${server.logs()}`, { cause: error });
  } finally {
    decided.abort();
  }
}

/**
 * Starts the built server in a folder and waits for nothing: for settings that it must refuse.
 *
 * @param uid as another user; only root may.
 */
export function launchServer(settings: Environment, folder = tmpdir(), uid?: number): ServerProcess {
  // No more of the caller's environment than this: a ROOT_PASSWORD of the developer's shell must not reach the test.
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), ...settings };
  const child = spawn(LAUNCHER, { env, uid, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'close');
  let logs = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => (logs += text));
  }
  const exited = async () => ((await exit) as [number | null])[0];
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    return exited().finally(() => {
      clearTimeout(timer);
    });
  };
  return {
    url: `http://127.0.0.1:${settings['PORT'] ?? ''}`,
    pid: child.pid ?? 0,
    logs: () => logs,
    signal: (name) => void child.kill(name),
    exited,
    stop,
  };
}

function failToStart(code: number | null): never {
  throw new Error(`exit code ${String(code)}`);
}

async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const status = await fetch(`${url}/health`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await delay(50);
    if (signal.aborted) return;
  }
  throw new Error(`GET /health did not answer 200 within ${String(START_TIMEOUT_MS)} ms`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
