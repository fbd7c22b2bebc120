import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, type Response } from 'express';

/** Folder of the built console, next to that of the bundle. */
const FOLDER = fileURLToPath(new URL('../console', import.meta.url));
/** Path of everything but the page itself. Names there hold a digest of the content. */
const ASSETS = '/console/';
/** Licences of the libraries in the scripts. The one name without a digest. */
const LICENCES = '/console/licences.md';

/** Allows what the page needs of this origin, and nothing of another one. Blobs are previews of images. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/**
 * Serves the console: the page at `/`, and its files below `/console/`. Every other path is left to the API, without a look at
 * the disk.
 */
export function consolePages(folder: string = FOLDER): RequestHandler {
  const files = express.static(folder, { redirect: false, setHeaders });
  return (request, response, next) => {
    const { path } = request;
    if (path === '/' || path.startsWith(ASSETS)) files(request, response, next);
    else next();
  };
}

function setHeaders(response: Response): void {
  const { path } = response.req;
  const isAsset = path.startsWith(ASSETS) && path !== LICENCES;
  response.set(HEADERS);
  if (path === LICENCES) response.set('content-type', 'text/plain; charset=utf-8');
  response.set('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
}
