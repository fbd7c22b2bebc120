import { createPeople } from '../../scripts/lib/clients-people.mjs';
import {
  describeWithDriver,
  namesOf,
  valuesOf,
  type DriverConnection,
  type Login,
} from './support/databend-driver.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';

const DENIED = [
  ['PRESIGN UPLOAD @readable/new.csv', /1063/],
  ['REMOVE @readable', /1063/],
  ['DROP STAGE readable', /1063/],
  ['LIST @hidden', /2501/],
  ["CREATE USER eve IDENTIFIED BY 'of nobody'", /1063/],
] as const;

describeWithDriver("Databend's npm driver, of people other than root", (connect) => {
  let folder: string;
  let server: ServerProcess;
  let logins: readonly Login[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder);
    logins = (await createPeople(new URL(server.url).host, '')).slice(1);
  });

  afterAll(async () => {
    await server.stop();
    await removeFolder(folder);
  });

  async function withEach(look: (connection: DriverConnection) => Promise<void>): Promise<void> {
    expect(logins).toHaveLength(2); // by password and by token
    for (const login of logins) {
      const connection = await connect(server.url, {}, login);
      await look(connection);
      await connection.close();
    }
  }

  it('signs in by password and by token', async () => {
    await withEach(async (connection) => {
      expect(await namesOf(connection, 'SELECT current_user()')).toEqual(["'ann'@'%'"]);
    });
  });

  it('sees the stages that are granted to its role, and reads their files', async () => {
    await withEach(async (connection) => {
      expect(await namesOf(connection, 'SHOW STAGES')).toEqual(['readable']);
      expect(await namesOf(connection, 'LIST @readable')).toEqual(['seen.csv']);
      const [row] = await valuesOf(connection, 'PRESIGN @readable/seen.csv');
      expect(await (await fetch(String(row?.[2]))).text()).toBe('1,one\n2,zwei\n');
    });
  });

  it('is refused what is not granted, and knows nothing of other stages', async () => {
    await withEach(async (connection) => {
      for (const [statement, code] of DENIED) {
        await expect(connection.exec(statement)).rejects.toThrow(code);
      }
      expect(await namesOf(connection, 'LIST @readable')).toEqual(['seen.csv']);
    });
  });

  it('owns the stages that it makes', async () => {
    await withEach(async (connection) => {
      await connection.exec('CREATE STAGE own');
      expect(await namesOf(connection, 'SHOW STAGES')).toEqual(['own', 'readable']);
      await connection.exec('DROP STAGE own');
    });
  });
});
