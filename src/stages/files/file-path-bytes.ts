import type { NextFunction, Request, Response } from 'express';
import { keyFromBytes } from '../../storage/contract/key-bytes.js';

const FILE_URL = /^(\/v1\/stages\/[^/?]+\/files\/)([^?]*)(.*)$/s;
const LISTING_URL = /^(\/v1\/stages\/[^/?]+\/files\?)(.*)$/s;
const ESCAPE_OR_CHARACTER = /^(?:%[\da-f]{2}|[^%])*$/i;

/**
 * Rewrites file names with bytes that are not UTF-8 into the form that listings show. Express rejects such bytes in a
 * path, and replaces them in a query.
 */
export function spellFileNames(request: Request, _response: Response, next: NextFunction): void {
  if (request.url.includes('%')) request.url = spelledQuery(spelledPath(request.url));
  next();
}

function spelledPath(url: string): string {
  const [, route, path = '', rest = ''] = FILE_URL.exec(url) ?? [];
  return route === undefined ? url : route + spelled(path) + rest;
}

function spelledQuery(url: string): string {
  const [, route, query = ''] = LISTING_URL.exec(url) ?? [];
  if (route === undefined) return url;
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, ...value.map((text) => spelled(text.replaceAll('+', '%20')))].join('=');
  });
  return route + pairs.join('&');
}

function spelled(text: string): string {
  if (!ESCAPE_OR_CHARACTER.test(text) || isDecodable(text)) return text;
  return encodeURIComponent(keyFromBytes(decodedBytes(text)));
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function decodedBytes(path: string): Buffer {
  const bytes = path.replace(/%([\da-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1'); // Node decodes a URL's bytes as Latin-1
}
