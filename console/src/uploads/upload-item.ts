import type { components } from '../../../clients/typescript/src/api.js';
import type { Comparison } from './compared-md5.js';

export type Overwrite = components['parameters']['OverwriteHeader'];
export type UploadState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** A file that somebody gave to the page, and where it goes. */
export interface ChosenFile {
  readonly file: File;
  /** Its whole name in the stage. */
  readonly path: string;
}

/** One upload of the page, as the tray shows it. */
export interface UploadItem extends ChosenFile {
  readonly id: number;
  readonly stage: string;
  readonly overwrite: Overwrite;
  /** The same for every attempt, so that a repeated one stores nothing twice. */
  readonly idempotencyKey: string;
  /** Is its md5 compared with that of what was stored? */
  readonly isCompared: boolean;
  readonly state: UploadState;
  readonly sentBytes: number;
  readonly bytesPerSecond: number;
  readonly problem?: string | undefined;
  readonly comparison?: Comparison | undefined;
}

/** Seconds until the rest is sent, at the rate of now; undefined as long as there is none. */
export function secondsLeft({ file, sentBytes, bytesPerSecond }: UploadItem): number | undefined {
  return bytesPerSecond > 0 ? (file.size - sentBytes) / bytesPerSecond : undefined;
}

export function isActive({ state }: UploadItem): boolean {
  return state === 'waiting' || state === 'running';
}
