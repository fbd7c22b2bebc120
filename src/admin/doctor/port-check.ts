import { once } from 'node:events';
import { createServer } from 'node:net';
import { messageOf } from '../../common/message-of.js';
import type { AppConfig } from '../../config/app-config.js';
import { error, ok, type Finding } from './finding.js';

const ANSWER_TIMEOUT_MS = 2000;

interface Listener {
  /** Setting of the port. */
  readonly setting: 'PORT' | 'METRICS_PORT';
  readonly host: string;
  readonly port: number;
  /** A path that a Stagedoor answers there. */
  readonly path: string;
  readonly isAnswer: (answer: Response) => boolean | Promise<boolean>;
}

/** Are the ports free, or a Stagedoor's? */
export async function checkPorts({ host, port, metrics }: AppConfig): Promise<readonly Finding[]> {
  const service: Listener = { setting: 'PORT', host, port, path: '/health', isAnswer: isHealth };
  const listeners: Listener[] =
    metrics.port === null
      ? [service]
      : [
          service,
          { setting: 'METRICS_PORT', host, port: metrics.port, path: '/metrics', isAnswer: isMetrics },
        ];
  return Promise.all(listeners.map(checkPort));
}

async function isHealth(answer: Response): Promise<boolean> {
  return answer.headers.has('x-request-id') && (await answer.text()).includes('"status":"ok"');
}

/** Without METRICS_TOKEN here, a server that has one answers 401. */
async function isMetrics(answer: Response): Promise<boolean> {
  const asked = answer.headers.get('www-authenticate') ?? '';
  return asked.includes('Stagedoor metrics') || (await answer.text()).includes('stagedoor_build_info');
}

async function checkPort(listener: Listener): Promise<Finding> {
  const { setting, host, port } = listener;
  const code = await listenProblem({ host, port });
  const address = `${host}:${String(port)}`;
  switch (code) {
    case undefined:
      return ok('port', `${address} is free.`);
    case 'EADDRINUSE':
      return takenFinding(listener);
    case 'EACCES':
      return error(
        'port',
        `This user may not listen on ${address}.`,
        `Set ${setting} to 1024 or more, and let a proxy or the engine publish another.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return error(
        'port',
        `HOST is ${host}, which is no address of this machine.`,
        'Set HOST to one of ip addr, or 0.0.0.0.',
      );
    default:
      return error('port', `${address} cannot be listened on (${code}).`, `Look at HOST and ${setting}.`);
  }
}

/** @returns the code of the error of listening; undefined if it succeeds. The port is free again afterwards. */
async function listenProblem({ host, port }: Pick<Listener, 'host' | 'port'>): Promise<string | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (problem) {
    return problem instanceof Error && 'code' in problem ? String(problem.code) : messageOf(problem);
  }
}

async function takenFinding(listener: Listener): Promise<Finding> {
  const address = `${listener.host}:${String(listener.port)}`;
  if (await isStagedoor(listener)) return ok('port', `${address} is taken by a Stagedoor that runs.`);
  return error(
    'port',
    `${address} is taken by another program.`,
    `End it (ss -ltnp shows it), or set ${listener.setting} to a free one.`,
  );
}

async function isStagedoor({ host, port, path, isAnswer }: Listener): Promise<boolean> {
  const reached = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const authority = `${reached.includes(':') ? `[${reached}]` : reached}:${String(port)}`;
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return await isAnswer(await fetch(`http://${authority}${path}`, { signal }));
  } catch {
    return false; // it speaks another protocol, or not at all
  }
}
