import type { ChosenFile } from './upload-item.js';

/** The files of an `<input>`, with the folders of a chosen directory. */
export function inputFiles(files: FileList, folder: string): readonly ChosenFile[] {
  return Array.from(files, (file) => {
    const relative = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    return { file, path: `${folder}${relative}` };
  });
}

/** The files that were dropped, those of whole folders too. Must be called while the event is handled. */
export async function droppedFiles(transfer: DataTransfer, folder: string): Promise<readonly ChosenFile[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry());
  const found: ChosenFile[] = [];
  for (const entry of entries) if (entry !== null) await collect(entry, folder, found);
  return found;
}

async function collect(entry: FileSystemEntry, folder: string, found: ChosenFile[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    found.push({ file, path: `${folder}${entry.name}` });
  } else if (isDirectory(entry)) {
    const reader = entry.createReader();
    // A reader gives a hundred entries at a time, and none at the end.
    for (let batch = await nextEntries(reader); batch.length > 0; batch = await nextEntries(reader)) {
      for (const each of batch) await collect(each, `${folder}${entry.name}/`, found);
    }
  }
}

async function nextEntries(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
