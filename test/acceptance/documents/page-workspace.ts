import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { removeFolder, temporaryFolder } from '../support/server-process.js';
import { FIXTURES_FOLDER } from '../support/stage-client.js';
import { REPOSITORY } from './pages.js';

/** The folder in which the commands of a page run, and one for what they must not see. */
export class PageWorkspace {
  /** It looks to a page like a fresh clone, with the fixtures at its top as well. */
  static async make(): Promise<PageWorkspace> {
    const [folder, controlFolder] = [await temporaryFolder(), await temporaryFolder()];
    for (const path of ['test/fixtures', 'examples']) {
      await cp(join(REPOSITORY, path), join(folder, path), { recursive: true });
    }
    for (const name of ['books.parquet', 'rows.csv'])
      await cp(join(FIXTURES_FOLDER, name), join(folder, name));
    // As on a terminal, where curl shows no progress beside an answer.
    await writeFile(join(controlFolder, '.curlrc'), 'silent\nshow-error\n');
    return new PageWorkspace(folder, controlFolder);
  }

  private constructor(
    readonly folder: string,
    readonly controlFolder: string,
  ) {}

  async write(name: string, text: string): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  async remove(): Promise<void> {
    await removeFolder(this.folder);
    await removeFolder(this.controlFolder);
  }
}
