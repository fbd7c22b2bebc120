import type { components } from '../../../../clients/typescript/src/api.js';

type Schemas = components['schemas'];

export type StageFile = Pick<Schemas['File'], 'name' | 'size' | 'md5' | 'last_modified' | 'creator'>;

/** A line of a listing. A folder's name ends in a slash. */
export type FileEntry =
  | { readonly kind: 'folder'; readonly name: string }
  | ({ readonly kind: 'file' } & Pick<StageFile, 'name' | 'size' | 'md5' | 'creator'> & {
        /** Milliseconds since 1970. */
        readonly modifiedAt: number;
      });

/** The name below a folder, as it is shown in it. */
export function shownName(name: string, folder: string): string {
  return name.startsWith(folder) ? name.slice(folder.length) : name;
}

/** The folder of a file; empty, or with a slash at its end. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}
