import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { bytesRead } from './process-facts.js';

export interface KilledUpload {
  readonly url: string;
  readonly stage: string;
  readonly name: string;
  readonly source: string;
  /** So many bytes of the source curl reads before it dies. */
  readonly afterBytes: number;
  /** Asked once, when curl is about to die. */
  readonly beforeKill: () => Promise<void>;
}

/** Uploads by the real curl, and kills it in the middle: it can neither say goodbye nor close what it has opened. */
export async function uploadKilled(upload: KilledUpload): Promise<void> {
  const child = spawn(
    'curl',
    [
      ...['--disable', '--silent', '--limit-rate', '400M', '-u', 'root:', '-XPUT'],
      ...['-H', `x-databend-stage-name: ${upload.stage}`],
      ...['-F', `upload=@${upload.source};filename=${upload.name}`],
      `${upload.url}/v1/upload_to_stage`,
    ],
    { env: { PATH: process.env['PATH'] }, stdio: 'ignore' },
  );
  const exit = once(child, 'close');
  try {
    await untilRead(child.pid ?? 0, upload.afterBytes, () => child.exitCode !== null);
    await upload.beforeKill();
  } finally {
    child.kill('SIGKILL');
  }
  const [code, signal] = (await exit) as [number | null, NodeJS.Signals | null];
  // It was killed, and had not come to an end by itself.
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

async function untilRead(pid: number, bytes: number, hasEnded: () => boolean): Promise<void> {
  while ((await bytesRead(pid)) < bytes && !hasEnded()) await delay(5);
}
