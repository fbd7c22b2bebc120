const LOCAL = 'fs://';

/** Returns the folder of a URL of local storage, without a slash at its end; undefined for another store. */
export function localFolder(url: string): string | undefined {
  return url.startsWith(LOCAL) ? url.slice(LOCAL.length).replace(/(?<=.)\/$/, '') : undefined;
}
