import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { QuerySession } from '../query-session.mjs';
import { readLogicFile } from './logic-file.mjs';
import { differenceOf, typeNotes } from './logic-verdict.mjs';

/** @import { Difference, Outcome } from '../accounting.mjs' */

/**
 * Runs one file of logic tests against a server. Each of its connections is a session of root.
 *
 * @param {string} url
 * @param {string} checkout
 * @param {string} file below the checkout
 * @returns {Promise<Outcome>}
 */
export async function runLogicFile(url, checkout, file) {
  const records = readLogicFile(file, (name) => readFileSync(join(checkout, name), 'utf8'));
  /** @type {Map<string, QuerySession>} */
  const sessions = new Map();
  /** @type {Difference[]} */
  const differences = [];
  const notes = [];
  for (const record of records) {
    const { line, sql, connection, expectation } = record;
    const session = sessions.get(connection) ?? (await QuerySession.open(url));
    sessions.set(connection, session);
    const answer = await session.run(sql);
    const difference = differenceOf(expectation, answer);
    const place = { file: record.file, line, what: sql };
    if (difference !== undefined) differences.push({ ...place, ...difference, error: answer.error });
    else notes.push(...typeNotes(expectation, answer).map((note) => `${record.file}:${line}: ${note}`));
  }
  const checks = records.length;
  return { file, checks, passed: checks - differences.length, differences, notes };
}
