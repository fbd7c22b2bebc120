import type { components } from '../../../../clients/typescript/src/api.js';

type Schemas = components['schemas'];

export type StageFile = Pick<Schemas['File'], 'name' | 'size' | 'md5' | 'last_modified' | 'creator'>;

/** A line of a listing, as small as it can be: a page may hold a million. A folder's name ends in a slash. */
export type FileEntry =
  | { readonly kind: 'folder'; readonly name: string }
  | ({ readonly kind: 'file' } & Pick<StageFile, 'name' | 'size' | 'md5' | 'creator'> & {
        /** Milliseconds since 1970. */
        readonly modifiedAt: number;
      });

export interface EntryPage {
  readonly entries: readonly FileEntry[];
  /** Directories that the server could not read. */
  readonly unlisted: readonly string[];
  readonly nextCursor: string | null;
}

export function entriesOf(page: Pick<Schemas['Files'], 'files' | 'prefixes'>): readonly FileEntry[] {
  const folders = (page.prefixes ?? []).map((name) => ({ kind: 'folder', name }) as const);
  const creators = new Map<string, string>(); // else each row would hold a copy of its own
  const files = page.files.map(({ name, size, md5, creator, last_modified: modified }) => {
    const shared = creator === null ? null : (creators.get(creator) ?? creator);
    if (shared !== null) creators.set(shared, shared);
    return { kind: 'file', name, size, md5, creator: shared, modifiedAt: Date.parse(modified) } as const;
  });
  return [...folders, ...files];
}

/** The name below a folder, as it is shown in it. */
export function shownName(name: string, folder: string): string {
  return name.startsWith(folder) ? name.slice(folder.length) : name;
}

/** The folder of a file; empty, or with a slash at its end. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}
