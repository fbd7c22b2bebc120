import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { openDatabase, openSqlDatabase } from '../../../src/database/open-database.js';
import type { DatabaseConfig } from '../../../src/config/database-config.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { SealedBox } from '../../../src/keys/sealed-box.js';
import { masterKeys } from '../../../src/keys/master-keys.js';
import { ConnectionEntity } from '../../../src/stages/connections/connection.entity.js';
import { ConnectionRepository } from '../../../src/stages/connections/connection.repository.js';
import { ofKind } from '../of-kind.js';

const box = new SealedBox(masterKeys([randomBytes(32)]));

let folder: string;
let database: DataSource;
let sqlDatabase: SqlDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-connections-'));
  const config: DatabaseConfig = { kind: 'sqlite', path: join(folder, 'stages.db') };
  database = await openDatabase(config);
  sqlDatabase = await openSqlDatabase(config);
});

afterEach(async () => {
  await sqlDatabase.close();
  await database.destroy();
  rmSync(folder, { recursive: true });
});

it('a text that was encrypted for a stage does not decrypt in the row of a named connection, even of the same id', async () => {
  const rows = database.getRepository(ConnectionEntity);
  const stageConnection = { scheme: 's3', url: 's3://bucket/', rootPrefix: '', options: {} };
  await rows.insert({
    id: 'id-1',
    name: 'c',
    storageType: 's3',
    encryptedOptions: box.encrypt('id-1', stageConnection),
    creator: "'root'@'%'",
    createdOn: new Date(0).toISOString(),
    ownerRole: 'account_admin',
  });
  const connection = await new ConnectionRepository(rows, sqlDatabase, box).find('c');
  expect(() => connection?.decryptOptions()).toThrow(ofKind('UnreadableSecret'));
});
