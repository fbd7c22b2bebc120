import { listedKey } from '../../storage/contract/listed-key.js';
import { ShortBody } from '../../storage/contract/short-body.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { ObjectStat } from '../../storage/contract/storage-provider.js';
import type { OpenedStage } from '../files/stage.service.js';
import { ArchiveNotes, NOTES_NAME } from './archive-notes.js';
import { openedFiles } from './opened-files.js';
import { SafeNames } from './safe-names.js';
import { type ArchivedFile, ZipStream } from './zip-stream.js';

/**
 * Archives files of a stage. A failure ends it without its directory, so that it is seen to be broken off.
 *
 * @param batches the files, as a listing yields them.
 * @throws StorageError of kind `NotFound`, before the first byte, if there is none.
 */
export function stageArchive(
  stage: OpenedStage,
  batches: AsyncIterable<readonly ObjectStat[]>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  return new ZipStream().write(archivedFiles(stage, batches, signal));
}

async function* archivedFiles(
  { storage }: OpenedStage,
  batches: AsyncIterable<readonly ObjectStat[]>,
  signal: AbortSignal,
): AsyncGenerator<ArchivedFile> {
  const names = new SafeNames();
  const notes = new ArchiveNotes();
  let isEmpty = true;
  for await (const { key, file } of openedFiles(storage, batches, signal)) {
    isEmpty = false;
    if (file === undefined) {
      notes.removed(key);
      continue;
    }
    const name = names.take(key);
    if (name !== key) notes.renamed(key, name);
    yield { name, file };
  }
  if (isEmpty) throw noFile();
  if (!notes.isEmpty) yield notesFile(names.take(NOTES_NAME), notes);
}

function notesFile(name: string, notes: ArchiveNotes): ArchivedFile {
  const bytes = notes.toBuffer();
  const stat = {
    key: listedKey(name),
    size: bytes.length,
    lastModified: new Date(),
    etag: null,
    md5: null,
    contentType: null,
  };
  return { name, file: { stat, body: new ShortBody(bytes) } };
}

function noFile(): StorageError {
  return new StorageError(
    'NotFound',
    'No file of the stage matches: there is nothing to put into an archive.',
  );
}
