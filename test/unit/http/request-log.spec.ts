import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type Response } from 'express';
import { pino } from 'pino';
import { HealthCheckSample } from '../../../src/http/server/health-checks.js';
import { requestLog } from '../../../src/http/server/request-log.js';

interface Line {
  readonly level: number;
  readonly reqId: string;
  readonly req: { readonly method: string; readonly url: string; readonly remoteAddress: string };
  readonly res: { readonly status: number | null };
  readonly responseTime: number;
  readonly checks?: number;
  readonly msg: string;
}

/** What a server logs of one request. */
async function linesOf(
  path: string,
  { headers = {}, answer, signal }: RequestInit & { readonly answer: (response: Response) => void },
): Promise<{ readonly lines: readonly Line[]; readonly id: string | null }> {
  const lines: Line[] = [];
  const stream = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
  const app = express().use(requestLog(pino({ level: 'debug' }, stream)));
  app.use((_request, response) => {
    answer(response);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  const url = `http://127.0.0.1:${String(port)}${path}`;
  const answered = await fetch(url, { headers, ...(signal ? { signal } : {}) }).catch(() => undefined);
  await answered?.text();
  while (lines.length === 0) await delay(2);
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  return { lines, id: answered?.headers.get('x-request-id') ?? null };
}

const answerOk = (response: Response): void => void response.status(201).send('done');

describe('the log of a request', () => {
  it('is one line with what was asked and answered, under the id of the answer', async () => {
    const { lines, id } = await linesOf('/v1/stages?limit=2', { answer: answerOk });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 30,
      reqId: id,
      req: { method: 'GET', url: '/v1/stages?limit=2', remoteAddress: '127.0.0.1' },
      res: { status: 201 },
      msg: 'request',
    });
  });

  it('holds no header and no token', async () => {
    const { lines } = await linesOf('/v1/presigned/secret-token', {
      headers: { authorization: 'Basic c2VjcmV0' },
      answer: answerOk,
    });
    expect(JSON.stringify(lines)).not.toMatch(/secret-token|c2VjcmV0/);
  });

  it.each(['/health', '/ready'])(
    'says how many checks it stands for, where it is one of %s',
    async (path) => {
      const { lines } = await linesOf(path, { answer: answerOk });
      expect(lines).toMatchObject([{ level: 30, checks: 1 }]);
    },
  );

  it('is written too where the client leaves before it has an answer', async () => {
    const leave = new AbortController();
    const { lines } = await linesOf('/slow', {
      answer: () => {
        leave.abort();
      },
      signal: leave.signal,
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ req: { remoteAddress: '127.0.0.1' }, res: { status: null } });
  });
});

describe('of the health checks of one path, the log shows', () => {
  it('the first one, each with another status, and one in ten minutes with the number since', () => {
    const sample = new HealthCheckSample();
    const minute = 60_000;
    expect(sample.take('/ready', 200, 0)).toBe(1);
    expect(sample.take('/ready', 200, minute)).toBeUndefined();
    expect(sample.take('/ready', 503, 2 * minute)).toBe(2);
    expect(sample.take('/ready', 503, 3 * minute)).toBeUndefined();
    expect(sample.take('/ready', 503, 12 * minute)).toBe(2);
    expect(sample.take('/ready', 200, 13 * minute)).toBe(1);
  });

  it('nothing less because of those of another path', () => {
    const sample = new HealthCheckSample();
    expect(sample.take('/ready', 200, 0)).toBe(1);
    expect(sample.take('/health', 200, 0)).toBe(1);
    expect(sample.take('/ready', 200, 1)).toBeUndefined();
  });
});
