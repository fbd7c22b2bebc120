import { ServerResponse, type IncomingMessage } from 'node:http';
import { jest } from '@jest/globals';
import express, { type Request, type Response } from 'express';
import { rejectRemovalBody } from '../../../src/http/server/reject-removal-body.js';
import { ofKind } from '../of-kind.js';
import { requestWith } from '../request.js';

/** Chunks are announced and none has come. */
function removal(): IncomingMessage {
  return Object.assign(requestWith([['transfer-encoding', 'chunked']]), {
    method: 'DELETE',
    url: '/files/f',
  });
}

const app = express();
app.delete('/files/:name', () => undefined);
app.get('/read', () => undefined);

/** What the next handler is told. */
function told(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve) => {
    void rejectRemovalBody(app)(request as Request, new ServerResponse(request) as Response, resolve);
  });
}

describe('a removal with chunks', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('goes on where no byte comes before their end', async () => {
    const request = removal();
    const next = told(request);
    request.push(null);
    expect(await next).toBeUndefined();
  });

  it('goes on to be refused for its method where nothing can be removed', async () => {
    const request = Object.assign(removal(), { url: '/read?x=1' });
    const next = told(request);
    request.push('x');
    expect(await next).toBeUndefined();
  });

  it('is refused at the first byte', async () => {
    const request = removal();
    const next = told(request);
    request.push('x');
    expect(await next).toEqual(ofKind('InvalidRequest'));
  });

  it('is refused where their end does not come within ten seconds', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const next = told(removal());
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await next).toEqual(ofKind('BrokenBody'));
  });
});
