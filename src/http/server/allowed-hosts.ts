import type { RequestHandler } from 'express';
import { isHostAmong } from '../../common/host-pattern.js';
import { RequestError } from '../request/request-error.js';
import { isHealthCheck } from './health-checks.js';

/**
 * Rejects requests for a host that matches none of `patterns`. Accepts health checks under any name: they reveal
 * nothing, and orchestrators address them by IP.
 */
export function allowedHosts(patterns: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { host = '' } = request.headers;
    if (isHealthCheck(request) || isHostAmong(nameOf(host), patterns)) next();
    else next(new RequestError('HostNotAllowed', `The Host of the request is not among ALLOWED_HOSTS.`));
  };
}

/** Returns the host without port and final dot, in lower case. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
