import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { type NestApplicationOptions, Controller, Get, Module, Post, UseGuards } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { z } from 'zod';
import type { ErrorBody } from '../../../src/http/errors/error-answer.js';
import { ErrorFilter } from '../../../src/http/errors/error.filter.js';
import { JSON_BODY_TIMEOUT } from '../../../src/http/request/json-body.js';
import { JsonBody } from '../../../src/http/request/json-body.decorator.js';
import { IgnoreQuery, NoQuery, QueryParams } from '../../../src/http/request/query.decorators.js';
import { RequestError } from '../../../src/http/request/request-error.js';
import { routeInput } from '../../../src/http/request/route-input.js';
import { Metrics } from '../../../src/metrics/metrics.js';
import { FastExpressAdapter } from '../../../src/http/server/fast-express.adapter.js';

const BODY = z.strictObject({ name: z.string(), size: z.number().optional() });
type Body = z.output<typeof BODY>;
const QUERY = z.strictObject({ limit: z.string().transform(Number).optional() });
type Query = z.output<typeof QUERY>;

const badProtocol = (problems: string): RequestError =>
  new RequestError('InvalidProtocolRequest', `Not that: ${problems}.`);
const nobody = { canActivate: (): boolean => false };

@IgnoreQuery()
@Controller()
class ProbeController {
  @Post('body')
  @NoQuery('leave it out.')
  body(@JsonBody(BODY) body: Body): { readonly given: Body } {
    return { given: body };
  }

  @Post('own-words')
  ownWords(@JsonBody(BODY, badProtocol) body: Body): Body {
    return body;
  }

  @Post('optional')
  optional(@JsonBody(BODY.nullish()) body: Body | null | undefined): { readonly given: unknown } {
    return { given: body ?? 'nothing' };
  }

  @Post('denied')
  @UseGuards(nobody)
  denied(@JsonBody(BODY) body: Body): Body {
    return body;
  }

  @Get('query')
  query(@QueryParams(QUERY) query: Query): Query {
    return query;
  }

  @Get('ignored')
  ignored(): string {
    return 'served';
  }
}

@Module({
  controllers: [ProbeController],
  providers: [Metrics, { provide: APP_FILTER, useClass: ErrorFilter }],
})
class ProbeModule {
  readonly holds = 'the probe';
}

const JSON_TYPE = { 'content-type': 'application/json' };
const BODY_TIMEOUT_MS = 300;
let app: NestExpressApplication;
let port: number;

beforeAll(async () => {
  const limits = { requestTimeoutSeconds: 60, readerIdleTimeoutSeconds: 60, maxConnections: 100 };
  const options: Pick<NestApplicationOptions, 'bodyParser' | 'logger'> = { bodyParser: false, logger: false };
  app = await NestFactory.create<NestExpressApplication>(
    ProbeModule,
    new FastExpressAdapter(limits),
    options,
  );
  app.set(JSON_BODY_TIMEOUT, BODY_TIMEOUT_MS);
  await app.listen(0, '127.0.0.1');
  const server: Server = app.getHttpServer();
  ({ port } = server.address() as AddressInfo); // a listening TCP server has one
});

afterAll(async () => {
  const server: Server = app.getHttpServer();
  server.closeAllConnections();
  await app.close();
});

interface Answer {
  readonly status: number;
  readonly body: string;
  /** Has the server asked for the body (100 Continue)? */
  readonly isAsked: boolean;
}

/** Sends the body when it is asked for it. */
async function ask(line: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const framing = body === '' ? {} : { expect: '100-continue', 'content-length': String(body.length) };
  const request = httpRequest({ port, method, path, headers: { ...framing, ...headers }, agent: false });
  let isAsked = false;
  request.once('continue', () => {
    isAsked = true;
    request.end(body);
  });
  if (body === '') request.end();
  else request.flushHeaders();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const answer = await text(response);
  request.destroy();
  return { status: response.statusCode ?? 0, body: answer, isAsked };
}

function errorOf({ status, body }: Answer): object {
  const { code, kind, message } = (JSON.parse(body) as ErrorBody).error;
  return { status, code, kind, message };
}

describe('a JSON body', () => {
  it('is given as its schema makes it', async () => {
    const answer = await ask('POST /body', JSON_TYPE, '{"name":"a","size":1}');
    expect(answer).toEqual({ status: 201, body: '{"given":{"name":"a","size":1}}', isAsked: true });
  });

  it('is undefined to its schema where there is none', async () => {
    expect(await ask('POST /optional')).toMatchObject({ status: 201, body: '{"given":"nothing"}' });
    expect(errorOf(await ask('POST /body'))).toEqual({
      status: 400,
      code: 1006,
      kind: 'InvalidRequest',
      message: 'The request cannot be used. The body is missing: it must be an object.',
    });
  });

  it('is refused with every field that is wrong, and no value', async () => {
    const body = '{"name":7,"size":"hush","nmae":"hush"}';
    expect(errorOf(await ask('POST /body', JSON_TYPE, body))).toEqual({
      status: 400,
      code: 1006,
      kind: 'InvalidRequest',
      message:
        'The request cannot be used. name: must be a string, not a number; size: must be a number, not a string; ' +
        'nmae is unknown here: it takes name, size.',
    });
  });

  it('is refused in the words of its route', async () => {
    expect(errorOf(await ask('POST /own-words', JSON_TYPE, '{}'))).toEqual({
      status: 400,
      code: 400,
      kind: 'InvalidRequest',
      message: 'Not that: name: is missing: it must be a string.',
    });
  });

  it('is not asked for where a guard says no', async () => {
    expect(await ask('POST /denied', JSON_TYPE, '{"name":"a"}')).toMatchObject({
      status: 403,
      isAsked: false,
    });
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['of another type', { 'content-type': 'text/plain' }, '{"name":"hush"}', 'NotJson'],
    ['that is encoded', { ...JSON_TYPE, 'content-encoding': 'gzip' }, '{"name":"hush"}', 'NotJson'],
    ['that is no JSON', JSON_TYPE, '{"name":"hush"', 'MalformedJson'],
    ['that is nested too deeply', JSON_TYPE, '['.repeat(101) + ']'.repeat(101), 'MalformedJson'],
    ['that is too large', JSON_TYPE, `{"name":"${'h'.repeat(1024 * 1024)}"}`, 'BodyTooLarge'],
    ['that does not come', { ...JSON_TYPE, 'content-length': '100' }, '{"name":"hush"', 'BodyTooSlow'],
  ])('%s is refused, and nothing of it is repeated', async (_what, headers, body, kind) => {
    const answer = await ask('POST /body', headers, body);
    expect(errorOf(answer)).toMatchObject({ kind });
    expect(answer.body).not.toMatch(/hush|hhh/);
  });
});

describe('a query', () => {
  it.each([
    ['x=1&y=2&x=3', 'the parameter x, y'],
    ['', 'a query'],
  ])(
    '%j is refused by name where the route takes none, before the body is asked for',
    async (query, given) => {
      const answer = await ask(`POST /body?${query}`, JSON_TYPE, '{"name":"a"}');
      expect(answer.isAsked).toBe(false);
      expect(errorOf(answer)).toEqual({
        status: 400,
        code: 1006,
        kind: 'InvalidRequest',
        message: `The URL has ${given}: leave it out.`,
      });
    },
  );

  it('is given as its schema makes it', async () => {
    expect(await ask('GET /query?limit=7')).toMatchObject({ status: 200, body: '{"limit":7}' });
    expect(await ask('GET /query')).toMatchObject({ status: 200, body: '{}' });
  });

  it('is refused with the parameters that the route does not take', async () => {
    expect(errorOf(await ask('GET /query?lmit=7'))).toMatchObject({
      status: 400,
      message: 'The request cannot be used. lmit is unknown here: it takes limit.',
    });
  });

  it('is passed over where the controller says so', async () => {
    expect(await ask('GET /ignored?x=1')).toMatchObject({ status: 200, body: 'served' });
  });
});

describe('what a route takes can be asked', () => {
  const inputOf = (handler: object): unknown => routeInput(handler, ProbeController);
  const { prototype } = ProbeController as unknown as {
    readonly prototype: Readonly<Record<'body' | 'query' | 'ignored', object>>;
  };

  it.each<[string, object, unknown]>([
    ['a body and no query', prototype.body, { query: { kind: 'None' }, body: BODY }],
    ['a query', prototype.query, { query: { kind: 'Parameters', schema: QUERY }, body: undefined }],
    ['whatever query', prototype.ignored, { query: { kind: 'Ignored' }, body: undefined }],
  ])('%s', (_what, handler, input) => {
    expect(inputOf(handler)).toEqual(input);
  });

  it('also that nobody has decided', () => {
    expect(routeInput(() => undefined, Object)).toEqual({ query: undefined, body: undefined });
  });
});

it('a parameter of another type than the schema gives does not compile', () => {
  class Mistyped {
    // @ts-expect-error -- the schema gives an object
    body(@JsonBody(BODY) body: string): string {
      return body;
    }

    // @ts-expect-error -- the schema gives a number
    query(@QueryParams(QUERY) query: { readonly limit?: string }): unknown {
      return query;
    }
  }
  expect(Mistyped).toBeDefined();
});
