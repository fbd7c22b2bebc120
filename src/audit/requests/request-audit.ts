import { Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import type { RequestOrigin } from '../../access/principal.js';
import { clientAddress } from '../../http/request/forwarding.js';
import { downloadOf, failureOf, type Failure } from '../../http/request/request-facts.js';
import { REQUEST_ID_HEADER } from '../../http/request/request-id-header.js';
import type { AuditOutcome } from '../events/audit-action.js';
import type { AuditActor, AuditEvent, AuditedStage } from '../events/audit-event.js';
import { AuditTrail } from '../trail/audit-trail.js';
import { handlerFactsOf } from './handler-facts.js';
import { ruleOf, type RouteRule } from './route-rules.js';

/** Failures of who is not let in, whatever was asked for. 429: too many wrong passwords. */
const NOT_LET_IN: ReadonlySet<string> = new Set(['TooManyAttempts']);
const CLIENT_LEFT = 'ClientGone';

/** Records reads, and requests that are denied or fail, when they have ended. Events of changes are committed with them. */
@Injectable()
export class RequestAudit {
  constructor(private readonly trail: AuditTrail) {}

  readonly handler: RequestHandler = (request, response, next) => {
    const address = clientAddress(request); // not available any more after the client has disconnected
    response.on('close', () => {
      const path = (request.route as { readonly path?: unknown } | undefined)?.path; // Express has no type for it
      const rule = typeof path === 'string' ? ruleOf(request.method, path) : undefined;
      if (rule === undefined) return;
      const event = eventOf(rule, new EndedRequest(request, response, address));
      if (event !== undefined) this.trail.record(event);
    });
    next();
  };
}

/** A request that has ended, as far as the audit knows it. */
class EndedRequest {
  readonly failure: Failure | undefined;
  readonly actor: AuditActor | undefined;
  readonly origin: RequestOrigin;
  readonly knownPath: string | undefined;

  constructor(
    readonly request: Request,
    readonly response: Response,
    address: string,
  ) {
    const known = handlerFactsOf(response);
    const { principal } = request as { readonly principal?: AuditActor }; // set by the guard only
    this.failure = failureOf(response) ?? failureByStatus(response);
    this.actor = known?.actor ?? principal;
    this.knownPath = known?.path;
    const requestId = String(response.getHeader(REQUEST_ID_HEADER));
    this.origin = this.actor?.origin ?? { address, requestId, via: 'rest' };
  }
}

function eventOf(rule: RouteRule, ended: EndedRequest): AuditEvent | undefined {
  const { failure, actor, origin } = ended;
  if (failure === undefined) return rule.kind === 'read' ? eventAbout(rule, ended, 'success') : undefined;
  const { status, kind, user } = failure;
  if (status === 401 || NOT_LET_IN.has(kind ?? ''))
    return { action: 'user.sign_in', outcome: 'denied', actor: user ?? actor, origin, errorKind: kind };
  if (status === 403) return eventAbout(rule, ended, 'denied');
  return rule.kind === 'use' ? undefined : eventAbout(rule, ended, 'failed');
}

function eventAbout({ action }: RouteRule, ended: EndedRequest, outcome: AuditOutcome): AuditEvent {
  const { request, response, failure, actor, origin } = ended;
  return {
    action,
    outcome,
    actor,
    origin,
    stage: stageOf(request, origin),
    path: pathOf(ended),
    object: objectOf(request),
    bytes: failure === undefined ? downloadOf(response)?.bytes : undefined,
    errorKind: failure?.kind,
  };
}

const OF_STAGE = /^\/v1\/stages\/[^/]+/;

function stageOf({ params, path }: Request, origin: RequestOrigin): AuditedStage | undefined {
  if (origin.stage !== undefined) return origin.stage;
  const { name } = params;
  return typeof name === 'string' && OF_STAGE.test(path) ? { name } : undefined;
}

function objectOf({ params, path }: Request): string | undefined {
  const { name, id } = params;
  if (OF_STAGE.test(path)) return undefined;
  const object = name ?? id;
  return typeof object === 'string' ? object : undefined;
}

/** The file of the URL, or the prefix of a selection. */
function pathOf({ request, knownPath }: EndedRequest): string | undefined {
  if (knownPath !== undefined) return knownPath;
  const [, raw] = /^\/v1\/stages\/[^/]+\/files\/(.*)$/.exec(request.path) ?? [];
  if (raw !== undefined) return decoded(raw);
  if (!OF_STAGE.test(request.path)) return undefined;
  const { prefix } = request.query;
  return typeof prefix === 'string' ? prefix : undefined;
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw; // the request was refused for it
  }
}

/** A failure that no error tells of: the client left, or a handler has set the status. */
function failureByStatus(response: Response): Failure | undefined {
  const { statusCode, headersSent, writableFinished } = response;
  if (!headersSent || !writableFinished) return { status: 499, kind: CLIENT_LEFT };
  return statusCode >= 400 ? { status: statusCode, kind: undefined } : undefined;
}
