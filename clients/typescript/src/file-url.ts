/** Segments that URLs remove, with the segment before them: the request would mean something else. */
const REMOVED = new Set(['', '.', '..']);

/** Returns the URL of a stage. @throws TypeError for a name that no URL can hold. */
export function stageUrl(server: string, stage: string): string {
  return `${server}/v1/stages/${segment(stage, 'stage')}`;
}

/** Returns the URL of a file. @throws TypeError for a path that no URL can hold. */
export function fileUrl(server: string, stage: string, path: string): string {
  return `${stageUrl(server, stage)}/files/${segment(path, 'file')}`;
}

function segment(text: string, what: string): string {
  if (REMOVED.has(text)) throw new TypeError(`No ${what} has the name ${JSON.stringify(text)}.`);
  return encodeURIComponent(text);
}
