import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const READ_BY_PYTHON = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([[info.filename, archive.read(info).decode('latin1')[:1000], info.file_size] for info in archive.infolist()]))
`;

/** Of the content no more than its beginning, as Latin-1. */
export type Entry = readonly [name: string, beginning: string, size: number];

/** The entries of an archive that unzip and Python have found whole. Rejects for one that is not. */
export async function entriesOf(archive: Buffer): Promise<readonly Entry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stagedoor-zip-'));
  try {
    const path = join(folder, 'archive.zip');
    await writeFile(path, archive);
    await run('unzip', ['-tq', path]);
    const { stdout } = await run('python3', ['-c', READ_BY_PYTHON, path], { maxBuffer: 64 * 1024 ** 2 });
    return JSON.parse(stdout) as Entry[];
  } finally {
    await rm(folder, { recursive: true });
  }
}
