import { createServer, IncomingMessage, ServerResponse, type Server, type ServerOptions } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express } from 'express';
import type { ClientLimits } from '../../config/app-config.js';
import { RequestError } from '../request/request-error.js';
import { answerClientErrors } from '../errors/client-error.js';
import { errorAnswer } from '../errors/error-answer.js';
import { sendAnswer } from './early-answer.js';
import { closeIdleReaders } from './idle-readers.js';
import { isOn } from '../../config/shortcuts.js';
import { rejectUnknownRoutes } from './unknown-route.js';

/** Interval of the check for headers that take too long. */
const CHECKED_EVERY_MS = 15_000;
/** Longer than the usual idle timeout of a load balancer, which must close first. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/**
 * Express on a server whose requests and responses have Express's prototypes from the start. Express would set the
 * prototype of each one, which gives every request its own shape in V8 and costs more than all of Nest.
 */
export class FastExpressAdapter extends ExpressAdapter {
  readonly #limits: ClientLimits;

  constructor(limits: ClientLimits) {
    // Names of stages and files are case-sensitive, so paths are too.
    super(express().enable('case sensitive routing'));
    this.#limits = limits;
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    app.disable('x-powered-by').disable('etag');
    const headersMs = this.#limits.requestTimeoutSeconds * 1000;
    const server = createServer(
      {
        ...(isOn('request-prototypes') ? messagesOf(app) : {}),
        headersTimeout: headersMs,
        connectionsCheckingInterval: Math.min(headersMs, CHECKED_EVERY_MS),
        requestTimeout: 0, // uploads have an idle timeout instead
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        requireHostHeader: false, // `requireClearRequest` explains the error, Node does not
      },
      app,
    );
    // Node silently drops headers after 1,000. Their size is limited anyway.
    server.maxHeadersCount = 0;
    server.maxConnections = this.#limits.maxConnections;
    closeIdleReaders(server, this.#limits.readerIdleTimeoutSeconds * 1000);
    delayContinue(server);
    rejectExpectations(server);
    answerClientErrors(server);
    this.httpServer = server;
  }

  /** Replaces Nest's handler, which does not support 405. Nest calls this when all routes exist. */
  override setNotFoundHandler(): void {
    this.use(rejectUnknownRoutes(this.getInstance<Express>()));
  }
}

/**
 * Sends 100 Continue (`Expect: 100-continue`) only when the body is read: a request that is rejected earlier sends no
 * body.
 */
function delayContinue(server: Server): void {
  server.on('checkContinue', (request, response) => {
    let isSent = false;
    const sendContinue = (): void => {
      if (!isSent && !response.headersSent) response.writeContinue();
      isSent = true;
    };
    request.once('resume', sendContinue);
    // Async iteration does not emit resume.
    request.on('newListener', (event) => {
      if (event === 'readable') sendContinue();
    });
    server.emit('request', request, response);
  });
}

/** Answers unknown expectations: Node's own answer has no message. */
function rejectExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const message = 'The header Expect may only be 100-continue: leave it out.';
    const { status, body } = errorAnswer(new RequestError('UnknownExpectation', message));
    response.statusCode = status;
    sendAnswer(request, response, JSON.stringify(body));
  });
}

function messagesOf({ request, response }: Express): ServerOptions {
  return {
    IncomingMessage: withPrototype(IncomingMessage, request),
    ServerResponse: withPrototype(ServerResponse, response),
  };
}

function withPrototype<T extends typeof IncomingMessage | typeof ServerResponse>(
  base: T,
  prototype: object,
): T {
  function Message(this: object, ...args: unknown[]): void {
    Reflect.apply(base, this, args);
  }
  Message.prototype = prototype;
  // Node calls this function as a constructor; TypeScript has no type for that.
  return Message as unknown as T;
}
