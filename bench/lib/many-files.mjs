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
  forEachName(count, (directory, name) => {
    if (name === null) mkdirSync(join(root, directory), { recursive: true });
    else closeSync(openSync(join(root, directory, name), 'w'));
  });
}

/**
 * Objects in the folder of a MinIO bucket: each is a folder with a copy of the metadata of `sample`, an empty object that
 * was put there in the ordinary way.
 */
export function makeManyObjects(bucketFolder, { sample, prefix, count }) {
  const metadata = join(bucketFolder, sample, 'xl.meta');
  forEachName(count, (directory, name) => {
    if (name === null) return;
    const object = join(bucketFolder, prefix, directory, name);
    mkdirSync(object, { recursive: true });
    copyFileSync(metadata, join(object, 'xl.meta'));
  });
}

function forEachName(count, make) {
  for (let d = 0; d < DIRECTORIES; d += 1) {
    const directory = `d${String(d).padStart(2, '0')}`;
    make(directory, null);
    for (let i = 0; i < count / DIRECTORIES; i += 1) make(directory, fileName(i));
  }
}

export function fileName(i) {
  return `part-${String(i).padStart(6, '0')}.csv`;
}
