import { loadDriver, sqliteDriver } from '../../../src/database/sqlite/sqlite-driver.js';

it('loads the release that this Node can run', () => {
  const database = new (sqliteDriver())(':memory:');
  expect(database.prepare('SELECT 1 AS one').get()).toEqual({ one: 1 });
  database.close();
});

it('says what to do when npm left the package out', () => {
  expect(() => loadDriver('better-sqlite3-0')).toThrow(
    /^The package better-sqlite3-0, which Node v\d+\.\d+\.\d+ needs, is not installed: run npm ci with this Node/,
  );
});
