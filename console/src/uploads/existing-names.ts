import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';
import { api, bodyOf, type Schemas } from '../lib/api.js';

/** Requests at once. */
const AT_ONCE = 6;
/** So many names of a folder are compared in one request; where there are more, each name is asked for. */
const LISTED = 1000;

/**
 * Finds out which of the names are taken, before anything is sent.
 *
 * @returns undefined where the reader may write, but not look.
 */
export async function existingNames(
  stage: string,
  paths: readonly string[],
): Promise<readonly string[] | undefined> {
  try {
    const found = paths.length > AT_ONCE ? await takenInFolder(stage, paths) : undefined;
    return (found ?? (await takenOneByOne(stage, paths))).toSorted();
  } catch (error) {
    if (error instanceof StagedoorError && error.status === 403) return undefined;
    throw error;
  }
}

/** @returns undefined where the folder that they share has too many names. */
async function takenInFolder(
  stage: string,
  paths: readonly string[],
): Promise<readonly string[] | undefined> {
  const { files, next_cursor: next } = await list(stage, sharedFolder(paths), LISTED);
  if (next !== null) return undefined;
  const names = new Set(files.map(({ name }) => name));
  return paths.filter((path) => names.has(path));
}

async function takenOneByOne(stage: string, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const left = paths.values();
  const ask = async (): Promise<void> => {
    for (const path of left) if (await isTaken(stage, path)) found.push(path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return found;
}

/** Asks for the first name from there on: one that is missing is no error then. */
async function isTaken(stage: string, path: string): Promise<boolean> {
  const { files } = await list(stage, path, 1);
  return files[0]?.name === path;
}

async function list(stage: string, prefix: string, limit: number): Promise<Schemas['Files']> {
  const query = { limit, ...(prefix === '' ? {} : { prefix }) };
  return bodyOf(api.GET('/v1/stages/{name}/files', { params: { path: { name: stage }, query } }));
}

/** The longest folder that all the names are in; empty, or with a slash at its end. */
function sharedFolder([first = '', ...others]: readonly string[]): string {
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (!others.every((path) => path.startsWith(folder)))
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  return folder;
}
