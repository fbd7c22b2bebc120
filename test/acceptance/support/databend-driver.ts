import { createRequire } from 'node:module';

/** What the tests use of Databend's npm driver: its own declarations are not there where it is not installed. */
interface Driver {
  readonly Client: new (dsn: string) => { getConn(): Promise<DriverConnection> };
}

export interface DriverConnection {
  version(): Promise<string>;
  exec(sql: string): Promise<number>;
  queryRow(sql: string): Promise<DriverRow | null>;
  queryAll(sql: string): Promise<DriverRow[]>;
  queryIter(sql: string): Promise<DriverRows>;
  loadFile(sql: string, file: string, method?: 'stage' | 'streaming'): Promise<unknown>;
  lastQueryId(): string | null;
  killQuery(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface DriverRow {
  values(): unknown[];
  data(): Record<string, unknown>;
}

export interface DriverRows extends AsyncIterable<DriverRow> {
  schema(): { fields(): { readonly name: string; readonly dataType: string }[] };
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Connects to a server, with options as they stand in a DSN. */
export type Connect = (
  serverUrl: string,
  options?: Readonly<Record<string, string>>,
  login?: Login,
) => Promise<DriverConnection>;

const ROOT: Login = { user: 'root', password: '' };

/** `describe` where the npm driver could be installed, else the cases are reported as skipped. */
export function describeWithDriver(name: string, cases: (connect: Connect) => void): void {
  const folder = process.env['DATABEND_DRIVER'];
  if (!folder) {
    describe.skip(name, () => {
      it("needs Databend's npm driver", () => undefined);
    });
    return;
  }
  describe(name, () => {
    // Not imported: the package is there only when the tests run.
    const { Client } = createRequire(import.meta.url)(folder) as Driver;
    cases((serverUrl, options, login) => new Client(dsnOf(serverUrl, options, login)).getConn());
  });
}

export function dsnOf(
  serverUrl: string,
  options: Readonly<Record<string, string>> = {},
  { user, password }: Login = ROOT,
): string {
  const query = new URLSearchParams({ sslmode: 'disable', ...options });
  const { host } = new URL(serverUrl);
  return `databend://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}/?${query.toString()}`;
}

/** All cells of all rows. */
export async function valuesOf(connection: DriverConnection, sql: string): Promise<unknown[][]> {
  return (await connection.queryAll(sql)).map((row) => row.values());
}

/** The first column of all rows. */
export async function namesOf(connection: DriverConnection, sql: string): Promise<unknown[]> {
  return (await valuesOf(connection, sql)).map(([name]) => name);
}
