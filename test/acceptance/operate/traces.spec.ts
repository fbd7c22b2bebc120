import { setTimeout as delay } from 'node:timers/promises';
import { startCollector, type Collector, type Span } from '../../support/otlp-collector.mjs';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';

const CALLER = '0123456789abcdef0123456789abcdef';
const TRACEPARENT = `00-${CALLER}-0123456789abcdef-01`;

let folder: string;
let server: ServerProcess | undefined;
const closing: (() => void)[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  for (const close of closing.splice(0)) close();
  await removeFolder(folder);
});

async function collector(answers: boolean): Promise<Collector> {
  const started = await startCollector({ answers });
  closing.push(started.close);
  return started;
}

async function tracingServer(url: string, settings: Record<string, string> = {}): Promise<StageClient> {
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  server = await startServer(folder, { ...tracing, ...settings });
  while (!server.logs().includes('traces are sent to the collector')) await delay(20);
  return new StageClient(server.url);
}

/** The spans, when that of the request is there. */
async function spansWith({ spans }: Collector, name: string): Promise<readonly Span[]> {
  for (;;) {
    const found = spans();
    if (found.some((span) => span.name === name)) return found;
    await delay(20);
  }
}

function parentOf(spans: readonly Span[], name: string): string | undefined {
  const parentSpanId = spans.find((span) => span.name === name)?.parentSpanId;
  return spans.find(({ spanId }) => spanId === parentSpanId)?.name;
}

describe('a trace of an upload', () => {
  it('shows storing, and in it reading and committing, and the store', async () => {
    const traces = await collector(true);
    const client = await tracingServer(traces.url, { OTEL_SERVICE_NAME: 'stages' });
    expect((await client.uploadBooks('~')).status).toBe(200);
    const spans = await spansWith(traces, 'PUT /v1/upload_to_stage');
    expect(parentOf(spans, 'upload')).toBe('PUT /v1/upload_to_stage');
    expect(parentOf(spans, 'storing')).toBe('upload');
    for (const part of ['reading', 'committing', 'store put']) expect(parentOf(spans, part)).toBe('storing');
    expect(spans.map(({ name }) => name)).toContain('database read');
    const resource = traces.exports[0]?.resourceSpans[0]?.resource.attributes ?? [];
    expect(resource).toContainEqual({ key: 'service.name', value: { stringValue: 'stages' } });
  });

  it('is named in the line of its request', async () => {
    const traces = await collector(true);
    const client = await tracingServer(traces.url);
    await client.uploadBooks('~');
    const spans = await spansWith(traces, 'PUT /v1/upload_to_stage');
    const traceId = spans.find(({ name }) => name === 'upload')?.traceId;
    const messages = (): readonly string[] =>
      (server?.logs() ?? '')
        .split('\n')
        .filter((line) => line.includes(`"traceId":"${traceId ?? ''}"`))
        .map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
    for (let tries = 0; tries < 100 && messages().length === 0; tries++) await delay(20); // lines are written in batches
    expect(messages()).toContain('request');
  });
});

describe('the trace of a caller', () => {
  it.each([
    [
      'is continued, if the caller is a trusted proxy',
      { TRUSTED_PROXIES: 'loopback', ROOT_PASSWORD: 'x' },
      true,
    ],
    ['is passed over otherwise', { ROOT_PASSWORD: 'x' }, false],
  ])('%s', async (_what, settings, isContinued) => {
    const traces = await collector(true);
    await tracingServer(traces.url, settings);
    const client = new StageClient(server?.url ?? '', 'x');
    await client.send('/v1/stages', { headers: { traceparent: TRACEPARENT } });
    const spans = await spansWith(traces, 'GET /v1/stages');
    expect(spans.find(({ name }) => name === 'GET /v1/stages')?.traceId === CALLER).toBe(isContinued);
  });
});

it('a collector that does not answer holds no upload up, and what is dropped is told', async () => {
  const { url } = await collector(false);
  const client = await tracingServer(url, { OTEL_BSP_MAX_QUEUE_SIZE: '5' });
  for (let count = 0; count < 3; count++) expect((await client.uploadBooks('~')).status).toBe(200);
  while (!server?.logs().includes('spans of traces were dropped')) await delay(20);
  expect(server.logs()).toMatch(/"context":"Traces","dropped":\d+/);
});

it.each(['not a url', 'localhost:4318', 'grpc://127.0.0.1:4317'])(
  'an endpoint that is %s is named, and the service works without traces',
  async (endpoint) => {
    server = await startServer(folder, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    while (!server.logs().includes('there are no traces')) await delay(20);
    expect(server.logs()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is no URL of http or https');
    expect((await new StageClient(server.url).uploadBooks('~')).status).toBe(200);
  },
);

it('without a collector, nothing of it is loaded', async () => {
  server = await startServer(folder);
  expect((await new StageClient(server.url).uploadBooks('~')).status).toBe(200);
  expect(server.logs()).not.toContain('traces');
});
