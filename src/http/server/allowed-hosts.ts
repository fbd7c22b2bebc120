import type { RequestHandler } from 'express';
import { RequestError } from '../request/request-error.js';
import { isHealthCheck } from './health-checks.js';

/**
 * Rejects requests for a host that matches none of `patterns`. Accepts health checks under any name: they reveal
 * nothing, and orchestrators address them by IP.
 */
export function allowedHosts(patterns: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { host = '' } = request.headers;
    if (isHealthCheck(request) || isAllowed(nameOf(host), patterns)) next();
    else next(new RequestError('HostNotAllowed', `The Host of the request is not among ALLOWED_HOSTS.`));
  };
}

function isAllowed(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.startsWith('.') ? name.endsWith(pattern) || name === pattern.slice(1) : name === pattern,
  );
}

/** Returns the host without port and final dot, in lower case. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
