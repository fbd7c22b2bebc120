import { api, bodyOf, type Schemas } from '../lib/api.js';

const DOWNLOAD_SECONDS = 300;

/** Makes a URL with which everybody who has it can download a file. */
export async function presignDownload(
  stage: string,
  file: string,
  expiresInSeconds: number,
): Promise<Schemas['PresignedUrl']> {
  const body = { method: 'GET', path: file, expires_in_seconds: expiresInSeconds } as const;
  return bodyOf(api.POST('/v1/stages/{name}/presign', { params: { path: { name: stage } }, body }));
}

/** Lets the browser download a file, as large as it is, into a file of its own. */
export async function download(stage: string, file: string): Promise<void> {
  const { url } = await presignDownload(stage, file, DOWNLOAD_SECONDS);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.slice(file.lastIndexOf('/') + 1);
  link.rel = 'noreferrer';
  link.click();
}
