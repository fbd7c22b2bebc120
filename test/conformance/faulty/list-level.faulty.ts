import { isCommonPrefix, type LevelEntry } from '../../../src/storage/contract/levels/level-entry.js';
import type { LevelOptions, StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

type Levels = AsyncIterable<readonly LevelEntry[]>;

const GROUPING = 'listLevel: agrees with a plain grouping for every prefix and startAfter';

export const listLevelFaults: readonly FaultyProvider[] = [
  faulty('lists all below a level', GROUPING, (honest) => ({
    listLevel: (options) => honest.list(options),
  })),
  faulty('lists a level without what lies deeper', GROUPING, (honest) => ({
    listLevel: (options) => changed(honest, options, (all) => all.filter((entry) => !isCommonPrefix(entry))),
  })),
  faulty('lists the common prefix again that a level starts after', GROUPING, (honest) => ({
    listLevel: (options = {}) =>
      honest.listLevel({ ...options, startAfter: options.startAfter?.replace(/\/$/, '') }),
  })),
  faulty(
    'lists files before common prefixes',
    'listLevel: files and common prefixes are in one byte order',
    (honest) => ({
      listLevel: (options) =>
        changed(honest, options, (all) => [
          ...all.filter((entry) => !isCommonPrefix(entry)),
          ...all.filter(isCommonPrefix),
        ]),
    }),
  ),
  faulty(
    'counts files alone in the limit of a level',
    'listLevel: a common prefix counts in the limit',
    (honest) => ({
      listLevel: ({ limit = Infinity, ...options } = {}) =>
        changed(honest, options, (all) => {
          const last = all.filter((entry) => !isCommonPrefix(entry))[limit];
          return last === undefined ? all : all.slice(0, all.indexOf(last));
        }),
    }),
  ),
  faulty('lists a level without sizes', 'listLevel: each file equals stat', (honest) => ({
    listLevel: (options) =>
      changed(honest, options, (all) =>
        all.map((entry) => (isCommonPrefix(entry) ? entry : { ...entry, size: 0 })),
      ),
  })),
  faulty(
    'remembers directories that are gone',
    'listLevel: a directory in which nothing is left is not there',
    (honest) => {
      const seen = new Set<string>();
      return {
        listLevel: (options = {}) =>
          changed(honest, options, (all) => {
            if (options.prefix !== undefined) return all;
            for (const entry of all) if (isCommonPrefix(entry)) seen.add(entry.prefix);
            const others = all.filter((entry) => !isCommonPrefix(entry));
            return [...others, ...[...seen].map((prefix) => ({ prefix }))];
          }),
      };
    },
  ),
  faulty(
    'stops a level after 400 entries',
    'listLevel: 450 entries come completely, whatever the pages',
    (honest) => ({
      listLevel: (options) =>
        honest.listLevel({ ...options, limit: Math.min(options?.limit ?? Infinity, 400) }),
    }),
  ),
  faulty(
    'lists a level after its signal',
    'listLevel: a signal that has fired ends it with Aborted',
    (honest) => ({ listLevel: (options) => honest.listLevel({ ...options, signal: undefined }) }),
  ),
  faulty('takes the page size for the limit', 'list: a page size changes no entry', (honest) => ({
    list: (options) => honest.list({ ...options, limit: options?.pageSize ?? options?.limit }),
  })),
  faulty(
    'takes the place that it resumes at for the name to start after',
    'list: what it says of where it is resumes it there',
    (honest) => ({
      list: async function* ({ onResumePoint, resumePoint, startAfter, ...options } = {}) {
        for await (const batch of honest.list({ ...options, startAfter: resumePoint ?? startAfter })) {
          onResumePoint?.(batch.at(-1)?.key ?? '');
          yield batch;
        }
      },
    }),
  ),
  faulty(
    'begins anew where it cannot resume',
    'list: what it does not know to resume by is left aside',
    (honest) => ({
      list: (options) =>
        honest.list(options?.resumePoint === undefined ? options : { ...options, startAfter: undefined }),
    }),
  ),
];

/** Lists a level as it should, changed as a whole. */
async function* changed(
  honest: StorageProvider,
  options: LevelOptions | undefined,
  change: (all: readonly LevelEntry[]) => readonly LevelEntry[],
): Levels {
  const all: LevelEntry[] = [];
  for await (const batch of honest.listLevel(options)) all.push(...batch);
  const given = change(all);
  if (given.length > 0) yield given;
}
