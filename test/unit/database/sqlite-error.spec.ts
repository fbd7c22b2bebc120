import { DatabaseError } from '../../../src/database/database-error.js';
import { sqliteError } from '../../../src/database/sqlite/sqlite-error.js';
import { errorAnswer } from '../../../src/http/errors/error-answer.js';
import { describeError } from '../../../src/http/errors/error-description.js';

function thrown(code: string): Error {
  return Object.assign(new Error(`${code}: something of the library`), { code });
}

it.each([
  ['SQLITE_FULL', 507, /^No space is left for the database of the service\.$/],
  ['SQLITE_BUSY', 503, /is locked by another process: try again\.$/],
  ['SQLITE_BUSY_SNAPSHOT', 503, /is locked by another process: try again\.$/],
  ['SQLITE_CORRUPT', 503, /is damaged: it must be restored from a backup\.$/],
  ['SQLITE_PROTOCOL', 503, /does not answer now: try again\.$/],
  ['SQLITE_READONLY', 503, /cannot be written: its disk or its file is read-only\.$/],
  ['SQLITE_IOERR_READ', 503, /its disk reports an error\.$/],
  ['SQLITE_CANTOPEN', 503, /cannot be opened\.$/],
])('%s is answered in words, and logged by its code', (code, status, message) => {
  const error = sqliteError(thrown(code));
  const answer = errorAnswer(error);
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toMatch(message);
  expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|something/i);
  expect(describeError(error)).toMatchObject({ code });
});

it('what is none of these passes as it is', () => {
  const error = thrown('SQLITE_CONSTRAINT_PRIMARYKEY');
  expect(sqliteError(error)).toBe(error);
  const ours = new DatabaseError('NoSpace', 'x');
  expect(sqliteError(ours)).toBe(ours);
});
