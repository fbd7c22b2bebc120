import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { CREDENTIALS } from '../peers/stagedoor.mjs';
import { curlForm } from './curl.mjs';

const PATTERN = 'pattern';
const TABLE = 'stored_files';

/**
 * Makes a server know files that were made behind its back as if it had taken them in: a row each in its table of stored
 * files, like that of an empty file which goes through it. A build that has no such table knows nothing of any file.
 *
 * @param etagOf the etag of a file by its name, where it is not that of every file.
 */
export async function enterInLedger(server, { stage, names, etagOf }) {
  const database = new Database(join(server.folder, 'stagedoor.db'));
  try {
    const isKnown = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(TABLE);
    if (isKnown === undefined) return;
    const row = await rowOfPattern(server, stage, database);
    const prefix = row.object_key.slice(0, -PATTERN.length);
    const columns = Object.keys(row);
    const values = columns.map((name) => `@${name}`).join(', ');
    const insert = database.prepare(
      `INSERT OR REPLACE INTO ${TABLE} (${columns.join(', ')}) VALUES (${values})`,
    );
    database.transaction(() => {
      for (const name of names) {
        insert.run({ ...row, object_key: prefix + name, etag: etagOf?.(name) ?? row.etag });
      }
    })();
  } finally {
    database.close();
  }
}

/** The row of an empty file that is taken in, and removed again. */
async function rowOfPattern({ host, folder }, stage, database) {
  const file = join(folder, PATTERN);
  writeFileSync(file, '');
  await curlForm({ host, stage, file, name: PATTERN });
  rmSync(file);
  const row = database
    .prepare(`SELECT * FROM ${TABLE} WHERE object_key LIKE ? ORDER BY stored_at DESC`)
    .get(`%${PATTERN}`);
  const authorization = `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`;
  const url = `http://${host}/v1/stages/${stage}/files/${PATTERN}`;
  const removed = await fetch(url, { method: 'DELETE', headers: { authorization } });
  if (!removed.ok) throw new Error(`the pattern was not removed: ${await removed.text()}`);
  return row;
}

/** As the provider of local storage makes it. Were it another, the files would be listed without their md5. */
export function localEtag(path) {
  const { ino, size, mtimeMs } = lstatSync(path);
  return `"${[ino, size, Math.round(mtimeMs * 1000)].map((value) => value.toString(36)).join('-')}"`;
}
