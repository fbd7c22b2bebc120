/** @import { Content } from '../support/contents.mjs' */
/** @import { Random } from '../support/random.mjs' */
/** @import { ListedFile } from '../support/stage-http.mjs' */

/** @typedef {{ stage: string, name: string, content: Content, uploadId: string | null }} KnownFile */

/** What was uploaded, under a name of its own each time: acknowledged, or nobody can tell. */
export class KnownFiles {
  /** @type {KnownFile[]} */
  acknowledged = [];
  /** @type {Map<string, KnownFile>} */
  #all = new Map();

  /** @param {Pick<KnownFile, 'stage' | 'name' | 'content'>} file */
  begin(file) {
    this.#all.set(`${file.stage}/${file.name}`, { ...file, uploadId: null });
  }

  /**
   * @param {Pick<KnownFile, 'stage' | 'name'>} file
   * @param {string} uploadId
   */
  acknowledge({ stage, name }, uploadId) {
    const known = this.#all.get(`${stage}/${name}`);
    if (known === undefined) throw new Error(`${name} has not begun`);
    known.uploadId = uploadId;
    this.acknowledged.push(known);
  }

  all() {
    return [...this.#all.values()];
  }

  /** @param {Random} random */
  pick(random) {
    return random.pick(this.acknowledged);
  }

  /**
   * What a listing of a stage has that it should not have, or lacks.
   *
   * @param {string} stage
   * @param {readonly ListedFile[]} rows
   */
  problemsOf(stage, rows) {
    const listed = new Map(rows.map((row) => [row.name, row]));
    const problems = [];
    for (const { name } of this.acknowledged.filter((file) => file.stage === stage)) {
      if (!listed.has(name)) problems.push(`${stage}/${name} was acknowledged, and is not listed`);
    }
    for (const row of rows) {
      const known = this.#all.get(`${stage}/${row.name}`);
      if (known === undefined) problems.push(`${stage}/${row.name} is listed, and nobody has uploaded it`);
      else problems.push(...problemsOfRow(known, row));
    }
    return problems;
  }
}

/**
 * @param {KnownFile} file
 * @param {ListedFile} row
 */
export function problemsOfRow({ stage, name, content, uploadId }, row) {
  const place = `${stage}/${name}`;
  const problems = [];
  if (row.size !== content.size)
    problems.push(`${place} is listed with ${row.size} of ${content.size} bytes`);
  if (uploadId === null) return problems;
  if (row.md5 !== content.md5)
    problems.push(`${place} is listed with md5 ${row.md5}, and has ${content.md5}`);
  if (typeof row.creator !== 'string') problems.push(`${place} is listed with creator ${row.creator}`);
  return problems;
}
