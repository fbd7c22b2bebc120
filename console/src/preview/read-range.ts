import { api, bodyOf } from '../lib/api.js';

export interface FileAt {
  readonly stage: string;
  readonly file: string;
}

/** Reads bytes of a file from `start` up to, and without, `end`. */
export async function readRange({ stage, file }: FileAt, start: number, end: number): Promise<ArrayBuffer> {
  if (end <= start) return new ArrayBuffer(0); // no range of HTTP is empty
  const params = {
    path: { name: stage, path: file },
    header: { range: `bytes=${String(start)}-${String(end - 1)}` },
  };
  return bodyOf(api.GET('/v1/stages/{name}/files/{path}', { params, parseAs: 'arrayBuffer' }));
}
