import { databasesOf, PageAddresses } from '../../acceptance/documents/page-addresses.js';

const addresses = new PageAddresses({
  server: 'http://127.0.0.1:23456',
  minio: 'http://127.0.0.1:34567',
  postgres: 'postgres://tester@127.0.0.1:45678/postgres',
  run: '1a2b3c4d',
});

describe('the addresses of a page', () => {
  it.each([
    ['http://localhost:8000/v1', 'http://localhost:23456/v1'],
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:23456/v1'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:34567'],
    ["URL = 's3://databend/shelf/'", "URL = 's3://databend-1a2b3c4d/shelf/'"],
    ['http://127.0.0.1:9000/stagedoor/a', 'http://127.0.0.1:34567/stagedoor-1a2b3c4d/a'],
    ['PORT=8001 and s3://databend-2/', 'PORT=8001 and s3://databend-2/'],
    ['x-databend-stage-name: a', 'x-databend-stage-name: a'],
  ])('%s becomes %s', (shown, run) => {
    expect(addresses.toRun(shown)).toBe(run);
    expect(addresses.toShow(run)).toBe(shown);
  });

  it('lead to databases of the run, by its own user', () => {
    const shown = "DATABASE_URL='postgres://stagedoor:password@127.0.0.1:5432/moved' npm start";
    expect(databasesOf(`${shown} ${shown}`)).toEqual(['moved']);
    const run = addresses.toRun(shown);
    expect(run).toBe("DATABASE_URL='postgres://tester@127.0.0.1:45678/page_1a2b3c4d_moved' npm start");
    expect(addresses.toShow('postgres://127.0.0.1:45678/page_1a2b3c4d_moved')).toBe(
      'postgres://127.0.0.1:5432/moved',
    );
  });

  it('lead to buckets of the run', () => {
    expect(addresses.buckets).toEqual(['databend-1a2b3c4d', 'stagedoor-1a2b3c4d']);
    expect(addresses.toShow('"bucket":"databend-1a2b3c4d"')).toBe('"bucket":"databend"');
  });
});
