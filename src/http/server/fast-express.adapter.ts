import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express } from 'express';
import type { ClientLimits } from '../../config/app-config.js';
import { RequestError } from '../request/request-error.js';
import { answerClientErrors } from '../errors/client-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { sendAnswer } from './early-answer.js';
import { closeIdleReaders } from './idle-readers.js';
import { refuseUnknownRoutes } from './unknown-route.js';

/** So often it is looked for headers that take too long. */
const CHECKED_EVERY_MS = 15_000;
/** Longer than the usual idle time of a load balancer in front, which must be the one that closes. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/**
 * Express on a server whose requests and responses have Express's prototypes from the start. Express would set them on
 * each one, which makes V8 treat every request as a shape of its own and costs more than all of Nest.
 */
export class FastExpressAdapter extends ExpressAdapter {
  readonly #limits: ClientLimits;

  constructor(limits: ClientLimits) {
    // Names of stages and files are case-sensitive; a path that differs in case names nothing.
    super(express().enable('case sensitive routing'));
    this.#limits = limits;
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    app.disable('x-powered-by').disable('etag');
    const headersMs = this.#limits.requestTimeoutSeconds * 1000;
    const server = createServer(
      {
        IncomingMessage: withPrototype(IncomingMessage, app.request),
        ServerResponse: withPrototype(ServerResponse, app.response),
        headersTimeout: headersMs,
        connectionsCheckingInterval: Math.min(headersMs, CHECKED_EVERY_MS),
        requestTimeout: 0, // an upload is watched for idleness instead
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        requireHostHeader: false, // `requireClearRequest` says what is wrong, which Node does not
      },
      app,
    );
    // Node keeps 1,000 headers and drops the rest without a word. Their bytes are bounded all the same.
    server.maxHeadersCount = 0;
    server.maxConnections = this.#limits.maxConnections;
    closeIdleReaders(server, this.#limits.readerIdleTimeoutSeconds * 1000);
    askForBodiesLate(server);
    refuseExpectations(server);
    answerClientErrors(server);
    this.httpServer = server;
  }

  /** In place of Nest's own handler, which knows no 405. Nest sets it when every route is known. */
  override setNotFoundHandler(): void {
    this.use(refuseUnknownRoutes(this.getInstance<Express>()));
  }
}

/**
 * A client that asks before it sends its body (`Expect: 100-continue`) is told to go on when somebody begins to read:
 * one that is refused by then has sent nothing.
 */
function askForBodiesLate(server: Server): void {
  server.on('checkContinue', (request, response) => {
    let isAsked = false;
    const ask = (): void => {
      if (!isAsked && !response.headersSent) response.writeContinue();
      isAsked = true;
    };
    request.once('resume', ask);
    // Who reads by iteration resumes nothing.
    request.on('newListener', (event) => {
      if (event === 'readable') ask();
    });
    server.emit('request', request, response);
  });
}

/** Node's own refusal has no words. */
function refuseExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const message = 'The header Expect may only be 100-continue: leave it out.';
    const { status, body } = errorAnswer(new RequestError('UnknownExpectation', message));
    response.statusCode = status;
    sendAnswer(request, response, JSON.stringify(body));
  });
}

function withPrototype<T extends typeof IncomingMessage | typeof ServerResponse>(
  base: T,
  prototype: object,
): T {
  function Message(this: object, ...args: unknown[]): void {
    Reflect.apply(base, this, args);
  }
  Message.prototype = prototype;
  // Node calls it as the constructor that it is made of; TypeScript has no type for a function used so.
  return Message as unknown as T;
}
