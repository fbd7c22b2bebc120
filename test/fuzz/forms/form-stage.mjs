import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** @import { ListedFile } from '../../chaos/support/stage-http.mjs' */

const AUTHORIZATION = `Basic ${Buffer.from('root:').toString('base64')}`;

/** root's own stage of a server on local disk: what lies in it, by the file system and by the service. */
export class FormStage {
  #url;
  #folder;

  /**
   * @param {number} port
   * @param {string} dataFolder
   */
  constructor(port, dataFolder) {
    this.#url = `http://127.0.0.1:${port}/v1/stages/~/files`;
    this.#folder = join(dataFolder, 'internal/stage/user/root');
  }

  /**
   * The files below a directory, by their paths in it.
   *
   * @param {string} directory
   */
  filesIn(directory) {
    /** @type {Map<string, Buffer>} */
    const files = new Map();
    collect(join(this.#folder, directory), '', files);
    return files;
  }

  /** @param {string} directory */
  remove(directory) {
    rmSync(join(this.#folder, directory), { recursive: true, force: true });
  }

  /**
   * What the service says otherwise of the files than the file system, undefined where it agrees.
   *
   * @param {string} directory
   * @param {ReadonlyMap<string, Buffer>} files
   */
  async problemOfListing(directory, files) {
    const prefix = encodeURIComponent(`${directory}/`);
    const answer = (await this.#get(`?prefix=${prefix}`)).toString();
    const listed = /** @type {{ files: ListedFile[] }} */ (JSON.parse(answer)).files;
    if (listed.length !== files.size) return `${listed.length} files are listed, ${files.size} are there`;
    for (const { name, size, md5 } of listed) {
      const content = files.get(name.slice(directory.length + 1));
      if (content === undefined || size !== content.length) return `${name} is listed with ${size} bytes`;
      if (md5 !== null && md5 !== createHash('md5').update(content).digest('hex'))
        return `${name} has md5 ${md5}`;
      const path = name.split('/').map(encodeURIComponent).join('/');
      if (!(await this.#get(`/${path}`)).equals(content)) return `${name} is another file when it is fetched`;
    }
    return undefined;
  }

  /** @param {string} path */
  async #get(path) {
    const answer = await fetch(this.#url + path, { headers: { authorization: AUTHORIZATION } });
    return Buffer.from(await answer.arrayBuffer());
  }
}

/**
 * @param {string} folder
 * @param {string} prefix
 * @param {Map<string, Buffer>} files
 */
function collect(folder, prefix, files) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, `${prefix}${entry.name}/`, files);
    else files.set(prefix + entry.name, readFileSync(path));
  }
}
