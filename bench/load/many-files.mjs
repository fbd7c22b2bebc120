import { closeSync, copyFileSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORIES = 100;

/**
 * The internal storage of servers that share it, for the time of a run: `withFiles(count)` gives a stage with so many
 * files, `{ stage, folder }`.
 */
export function manyFilesStorage(workspace) {
  const root = join(workspace.folder, 'many-files');
  return {
    root,
    /** All in one directory. */
    withFlatFiles: (count) => {
      const stage = `flat${count}`;
      const folder = join(root, 'stage/internal', stage);
      if (!existsSync(folder)) makeFlatFiles(folder, count);
      return { stage, folder };
    },
    withFiles: (count) => {
      const stage = `n${count}`;
      const folder = join(root, 'stage/internal', stage);
      if (!existsSync(folder)) makeManyFiles(folder, count);
      return { stage, folder };
    },
  };
}

/** Empty files in 100 directories, made behind the server's back: through it a million would take many minutes. */
function makeManyFiles(root, count) {
  mkdirSync(root, { recursive: true });
  for (const directory of directories()) mkdirSync(join(root, directory));
  for (const name of fileNames(count)) closeSync(openSync(join(root, name), 'w'));
}

function makeFlatFiles(folder, count) {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i += 1) closeSync(openSync(join(folder, fileName(i)), 'w'));
}

/**
 * Objects in the folder of a MinIO bucket: each is a folder with a copy of the metadata of `sample`, an empty object that
 * was put there in the ordinary way.
 */
export function makeManyObjects(bucketFolder, { sample, prefix, count }) {
  const metadata = join(bucketFolder, sample, 'xl.meta');
  for (const name of fileNames(count)) {
    const object = join(bucketFolder, prefix, name);
    mkdirSync(object, { recursive: true });
    copyFileSync(metadata, join(object, 'xl.meta'));
  }
}

/** The names of so many files, relative to where they lie. */
export function* fileNames(count) {
  for (const directory of directories()) {
    for (let i = 0; i < count / DIRECTORIES; i += 1) yield `${directory}/${fileName(i)}`;
  }
}

function directories() {
  return Array.from({ length: DIRECTORIES }, (_, i) => `d${String(i).padStart(2, '0')}`);
}

export function fileName(i) {
  return `part-${String(i).padStart(6, '0')}.csv`;
}
