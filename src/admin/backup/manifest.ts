import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { failed } from '../admin-error.js';
import { syncFolder } from './durable-files.js';

/**
 * Content of a backup in JSON lines: a head, one line for each file, and an end that distinguishes a complete manifest
 * from a truncated one. It gets its name last, so a folder without it is no backup.
 */
const MANIFEST = 'manifest.jsonl';
const UNFINISHED = 'manifest.jsonl.unfinished';

/** JSON does not escape these characters, and newer releases of Node treat them as line ends. */
const LINE_SEPARATORS = /[\u2028\u2029]/g;

const HEAD = z.strictObject({
  format: z.literal(1),
  created_at: z.string(),
  /** Scheme of the internal storage. The backup contains the files of `fs`; other files stay in their stores. */
  internal_storage: z.string(),
});
const FILE = z.strictObject({
  /** A key of the internal storage, or the name of the database or key file. */
  path: z.string(),
  size: z.number().int().nonnegative(),
  sha256: z.string(),
});
const END = z.strictObject({ files: z.number().int(), bytes: z.number().int(), sha256_of_lines: z.string() });

export type ManifestHead = z.output<typeof HEAD>;
export type ManifestFile = z.output<typeof FILE>;

/** Names of the service's own files, which are never keys of the internal storage. */
export const DATABASE_FILE = 'stagedoor.db';
export const KEY_FILE = 'connection.key';

export class ManifestWriter {
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #digest = createHash('sha256');
  #files = 0;
  #bytes = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, handle: FileHandle) {
    this.#folder = folder;
    this.#handle = handle;
  }

  static async begin(folder: string, head: Omit<ManifestHead, 'format'>): Promise<ManifestWriter> {
    const writer = new ManifestWriter(folder, await open(join(folder, UNFINISHED), 'wx', 0o600));
    await writer.#write({ format: 1, ...head });
    return writer;
  }

  async add(file: ManifestFile): Promise<void> {
    this.#files++;
    this.#bytes += file.size;
    await this.#write(file);
  }

  /** Completes the backup. All files must be on disk. */
  async finish(): Promise<{ readonly files: number; readonly bytes: number }> {
    const counts = { files: this.#files, bytes: this.#bytes };
    await this.#write({ ...counts, sha256_of_lines: this.#digest.copy().digest('hex') });
    await this.#handle.sync();
    await this.#handle.close();
    await rename(join(this.#folder, UNFINISHED), join(this.#folder, MANIFEST));
    await syncFolder(this.#folder);
    return counts;
  }

  /** Writes lines one after the other: overlapping writes to a file handle may be reordered. */
  async #write(line: object): Promise<void> {
    const text = `${JSON.stringify(line).replaceAll(LINE_SEPARATORS, escaped)}\n`;
    this.#digest.update(text);
    this.#writing = this.#writing.then(() => this.#handle.write(text));
    await this.#writing;
  }
}

/** Reports whether a backup into the folder was interrupted, judging by its file names. */
export function isUnfinished(names: readonly string[]): boolean {
  return names.includes(UNFINISHED) && !names.includes(MANIFEST);
}

/** Checks by its file names that a folder is a complete backup. @throws AdminError */
export async function assertBackup(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw failed(`There is no backup at ${folder}: it is no folder that can be read.`, error);
  });
  if (names.includes(MANIFEST)) return;
  throw failed(
    isUnfinished(names)
      ? `The backup in ${folder} is unfinished: it was cut off while it was made. Use another one.`
      : `There is no backup in ${folder}: ${MANIFEST} is missing.`,
  );
}

export async function manifestHead(folder: string): Promise<ManifestHead> {
  for await (const line of linesOf(folder)) return parsed(HEAD, line, folder);
  throw unreadable(folder);
}

/** Yields every file in the order of the copy. @throws AdminError if the manifest is incomplete. */
export async function* manifestFiles(folder: string): AsyncGenerator<ManifestFile> {
  const digest = createHash('sha256');
  let [lines, files, bytes] = [0, 0, 0];
  let before = '';
  let isEnded = false;
  for await (const line of linesOf(folder)) {
    if (isEnded) throw unreadable(folder);
    if (lines++ > 0 && line.startsWith('{"files":')) {
      const end = parsed(END, line, folder);
      isEnded = end.files === files && end.bytes === bytes;
      if (!isEnded || end.sha256_of_lines !== digest.update(before).digest('hex')) throw unreadable(folder);
      continue;
    }
    digest.update(before);
    before = `${line}\n`;
    if (lines === 1) continue;
    const file = parsed(FILE, line, folder);
    files++;
    bytes += file.size;
    yield file;
  }
  if (!isEnded) throw unreadable(folder);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

function linesOf(folder: string): AsyncIterable<string> {
  const input = createReadStream(join(folder, MANIFEST), 'utf8');
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

function parsed<Schema extends z.ZodType>(schema: Schema, line: string, folder: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, cause?: unknown): Error {
  return failed(`The backup in ${folder} is damaged: ${MANIFEST} is not whole. Nothing was restored.`, cause);
}
