import type { Express, RequestHandler } from 'express';
import { RequestError } from '../request/request-error.js';

/** Rejects requests without a route: 405 with `Allow` if the path has other methods, otherwise 404. */
export function rejectUnknownRoutes(app: Express): RequestHandler {
  return (request, _response, next) => {
    const { method, path } = request;
    const allow = allowedMethods(app, path);
    if (allow.length > 0) {
      next(
        new RequestError('MethodNotAllowed', `method not allowed: ${method}. Ask by ${allow.join(', ')}.`, {
          context: { allow: allow.join(', ') },
        }),
      );
      return;
    }
    next(new RequestError('UnknownRoute', `There is nothing at ${path}${hintOf(path)}`));
  };
}

/** Method of a router layer that is missing in Express's types. */
interface Matcher {
  match(path: string): boolean;
}

/** Lists the methods of a path; Express answers HEAD with the route of GET. */
export function allowedMethods(app: Express, path: string): readonly string[] {
  const methods = new Set<string>();
  for (const layer of app.router.stack) {
    if (layer.route === undefined || !isMatcher(layer) || !layer.match(path)) continue;
    for (const each of layer.route.stack) methods.add(each.method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

function isMatcher(layer: object): layer is Matcher {
  return 'match' in layer && typeof layer.match === 'function';
}

/** Advises users of curl -T, which appends the file name to a URL that ends in a slash. */
function hintOf(path: string): string {
  if (path.startsWith('/v1/upload_to_stage/')) {
    return (
      ': send a form to /v1/upload_to_stage, with curl as in -F upload=@file, ' +
      'or the file itself to /v1/stages/{name}/files/{path}, as in -T file.'
    );
  }
  return path.startsWith('/v1/') ? '.' : ': the routes of this service begin with /v1/.';
}
