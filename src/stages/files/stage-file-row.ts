import type { FileFacts } from '../../file-metadata/file-metadata.repository.js';
import { isEtagOfCopy } from '../../storage/contract/copied-etag.js';
import type { ObjectStat, StorageCapabilities } from '../../storage/contract/storage-provider.js';
import { isOn } from '../../config/shortcuts.js';

/** A row of LIST, for REST and SQL alike. */
export interface StageFileRow {
  /** Relative to the stage's root. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Hex digest of the whole file if this service stored it. Otherwise, on S3, the object's ETag with its double quotes,
   * as Databend shows it; null if the store has no digest.
   */
  readonly md5: string | null;
  /** `2023-04-20 20:55:03.100 +0000` */
  readonly last_modified: string;
  /** The user who uploaded it, if this service stored it. */
  readonly creator: string | null;
}

/** @param recorded metadata recorded for the file of this name; ignored if it describes another object. */
export type FileRowOf<Row> = (
  stat: ObjectStat,
  capabilities: StorageCapabilities,
  recorded: FileFacts | undefined,
) => Row;

export const stageFileRow: FileRowOf<StageFileRow> = (stat, capabilities, recorded) => {
  const facts = factsOfObject(stat, recorded);
  return {
    name: stat.key,
    size: stat.size,
    md5: facts?.md5 ?? stat.md5 ?? (capabilities.contentEtag ? stat.etag : null),
    last_modified: formatLastModified(stat.lastModified),
    creator: facts?.creator ?? null,
  };
};

/** Returns the recorded metadata if it describes this object, or an object that this one is a copy of. */
export function factsOfObject(stat: ObjectStat, recorded: FileFacts | undefined): FileFacts | undefined {
  if (recorded === undefined) return undefined;
  const isThis = recorded.etag === stat.etag || isEtagOfCopy(stat.etag, recorded.etag);
  return isThis && recorded.size === stat.size ? recorded : undefined;
}

const DAY_MS = 86_400_000;
/**
 * Cache of the last formatted day. Most files of a listing have the same day, and formatting each would take a tenth of
 * the time.
 */
let lastDay = Number.NaN;
let lastDate = '';

/** Databend's `%Y-%m-%d %H:%M:%S.%3f %z`, in UTC. */
export const formatLastModified = isOn('written-days') ? formatByDay : formatPlainly;

function formatPlainly(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', ' +0000');
}

function formatByDay(time: Date): string {
  const day = Math.floor(time.getTime() / DAY_MS);
  if (day !== lastDay) lastDate = time.toISOString().slice(0, 10);
  lastDay = day;
  const milliseconds = time.getTime() - day * DAY_MS;
  const seconds = Math.floor(milliseconds / 1000);
  const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${lastDate} ${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(seconds % 60)}.${threeDigits(milliseconds % 1000)} +0000`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${String(number)}` : String(number);
}

function threeDigits(number: number): string {
  return number < 100 ? `0${twoDigits(number)}` : String(number);
}
