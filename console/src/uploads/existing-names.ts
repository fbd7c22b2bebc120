import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';
import { api, bodyOf } from '../lib/api.js';

/** Requests at once. */
const AT_ONCE = 6;

/**
 * Finds out which of the names are taken, before anything is sent. Asks for the first name from each on: one that is missing is no
 * error then.
 *
 * @returns undefined where the reader may write, but not look.
 */
export async function existingNames(
  stage: string,
  paths: readonly string[],
): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const left = paths.values();
  const ask = async (): Promise<void> => {
    for (const path of left) if (await isTaken(stage, path)) found.push(path);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    return found.sort();
  } catch (error) {
    if (error instanceof StagedoorError && error.status === 403) return undefined;
    throw error;
  }
}

async function isTaken(stage: string, path: string): Promise<boolean> {
  const params = { path: { name: stage }, query: { prefix: path, limit: 1 } };
  const { files } = await bodyOf(api.GET('/v1/stages/{name}/files', { params }));
  return files[0]?.name === path;
}
