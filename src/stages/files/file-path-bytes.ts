import type { NextFunction, Request, Response } from 'express';
import { spelledKey } from '../../storage/contract/key-bytes.js';

const FILE_URL = /^(\/v1\/stages\/[^/?]+\/files\/)([^?]*)(.*)$/s;
const ESCAPE_OR_CHARACTER = /^(?:%[\da-f]{2}|[^%])*$/i;

/**
 * A file's name may have bytes that are no UTF-8, which Express refuses to decode: in the URL of a file they are written as a
 * listing shows them.
 */
export function spellFilePath(request: Request, _response: Response, next: NextFunction): void {
  const [, route, path = '', rest = ''] = request.url.includes('%') ? (FILE_URL.exec(request.url) ?? []) : [];
  if (route !== undefined && ESCAPE_OR_CHARACTER.test(path) && !isDecodable(path)) {
    request.url = route + encodeURIComponent(spelledKey(decodedBytes(path))) + rest;
  }
  next();
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
  return Buffer.from(bytes, 'latin1'); // Node reads a URL's bytes as Latin-1
}
