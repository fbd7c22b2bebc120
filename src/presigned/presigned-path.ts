import { fileNameOf, shortened } from '../stages/files/content-disposition.js';

/** What follows the route in a presigned URL, as it came. */
export interface PresignedPath {
  readonly token: string;
  /** URLs of earlier versions have none. */
  readonly name: string | undefined;
}

/** The token, and the file's name for clients that name what they save after the URL. */
export function presignedPath(token: string, filePath: string): string {
  return `${token}/${nameIn(filePath)}`;
}

export function readPresignedPath(path: string): PresignedPath {
  const slash = path.indexOf('/');
  if (slash === -1) return { token: path, name: undefined };
  return { token: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Is it the name that `presignedPath` gave? Clients and proxies may escape a character more or less. */
export function isNameOf(filePath: string, name: string): boolean {
  try {
    return decodeURIComponent(name) === decodeURIComponent(nameIn(filePath));
  } catch {
    return false;
  }
}

function nameIn(filePath: string): string {
  return shortened(Array.from(fileNameOf(filePath).toWellFormed(), encodeURIComponent));
}
