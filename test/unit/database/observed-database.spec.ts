import { ObservedDatabase } from '../../../src/database/observed-database.js';
import { sql } from '../../../src/database/sql.js';
import { Metrics } from '../../../src/metrics/metrics.js';
import { TemporaryDatabase, type Connected } from './temporary-database.js';

let temporary: TemporaryDatabase;
let connected: Connected;
let metrics: Metrics;
let observed: ObservedDatabase;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  connected = await temporary.connect();
  metrics = new Metrics();
  observed = new ObservedDatabase(connected.database, metrics);
});

afterEach(() => temporary.remove());

/** Samples that are not 0, by their labels. */
async function counted(family: string, sample = family): Promise<Readonly<Record<string, string>>> {
  const text = await metrics.registry.getSingleMetricAsString(family);
  const samples = text.split('\n').flatMap((line) => {
    const [, labels = '', value = ''] = new RegExp(`^${sample}\\{(.*)\\} (\\d+)$`).exec(line) ?? [];
    return value === '' || value === '0' ? [] : [[labels, value] as const];
  });
  return Object.fromEntries(samples);
}

const errors = (): Promise<object> => counted('stagedoor_database_errors_total');

it('times what succeeds and what fails, and counts the errors by their kind', async () => {
  await observed.read(sql('SELECT 1'));
  await observed.probe(1_000);
  expect(await errors()).toEqual({});
  await expect(observed.read(sql('SELECT nonsense FROM nothing'))).rejects.toThrow('nothing');
  connected.connection.pragma('query_only = ON');
  await expect(observed.write([sql("DELETE FROM stages WHERE name = 'none'").with()])).rejects.toMatchObject({
    kind: 'Unavailable',
  });
  connected.connection.pragma('query_only = OFF');
  expect(await errors()).toEqual({
    'operation="read",kind="Unexpected"': '1',
    'operation="write",kind="Unavailable"': '1',
  });
  const family = 'stagedoor_database_operation_duration_seconds';
  expect(await counted(family, `${family}_count`)).toEqual({
    'operation="read"': '2',
    'operation="write"': '1',
    'operation="probe"': '1',
  });
});
