import { fileNameOf, shortened } from '../stages/files/content-disposition.js';

/** The part of a presigned URL behind the route, not decoded. */
export interface PresignedPath {
  readonly token: string;
  /** Undefined in URLs of earlier versions. */
  readonly name: string | undefined;
}

/** Joins the token and the file's name. Some clients name a downloaded file after the URL. */
export function presignedPath(token: string, filePath: string): string {
  return `${token}/${encodedFileName(filePath)}`;
}

export function readPresignedPath(path: string): PresignedPath {
  const slash = path.indexOf('/');
  if (slash === -1) return { token: path, name: undefined };
  return { token: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Is it the name that `presignedPath` added? Compares decoded names: clients and proxies may change the escapes. */
export function isNameOf(filePath: string, name: string): boolean {
  try {
    return decodeURIComponent(name) === decodeURIComponent(encodedFileName(filePath));
  } catch {
    return false;
  }
}

function encodedFileName(filePath: string): string {
  return shortened(Array.from(fileNameOf(filePath).toWellFormed(), encodeURIComponent));
}
