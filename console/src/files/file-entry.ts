import type { components } from '../../../clients/typescript/src/api.js';

type Schemas = components['schemas'];

export type StageFile = Pick<Schemas['File'], 'name' | 'size' | 'md5' | 'last_modified' | 'creator'>;

/** A line of a listing. A folder's name ends in a slash. */
export type FileEntry =
  { readonly kind: 'folder'; readonly name: string } | ({ readonly kind: 'file' } & StageFile);

export interface EntryPage {
  readonly entries: readonly FileEntry[];
  /** Directories that the server could not read. */
  readonly unlisted: readonly string[];
  readonly nextCursor: string | null;
}

export function entriesOf(page: Pick<Schemas['Files'], 'files' | 'prefixes'>): readonly FileEntry[] {
  const folders = (page.prefixes ?? []).map((name) => ({ kind: 'folder', name }) as const);
  const files = page.files.map((file) => ({ ...file, kind: 'file' }) as const);
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
