import { PageAddresses } from '../../acceptance/documents/page-addresses.js';

const addresses = new PageAddresses('http://127.0.0.1:23456', 'http://127.0.0.1:34567', '1a2b3c4d');

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

  it('lead to buckets of the run', () => {
    expect(addresses.buckets).toEqual(['databend-1a2b3c4d', 'stagedoor-1a2b3c4d']);
    expect(addresses.toShow('"bucket":"databend-1a2b3c4d"')).toBe('"bucket":"databend"');
  });
});
