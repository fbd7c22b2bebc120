import { SEED } from '../../support/seed.js';
import { cuts, mutations, type FormCase } from './form-cases.mjs';
import { fuzzForms } from './form-fuzzer.mjs';
import { classifyForm } from './oracle/form-oracle.mjs';
import { describeViolation } from './form-report.mjs';
import { startFormServer, type FormServer } from './form-server.mjs';
import { verdictOf } from './oracle/form-verdict.mjs';

const MUTATIONS = 1500;

// `npm run fuzz:forms` does the same with 200,000.
describe('forms that are cut or damaged anywhere', () => {
  let server: FormServer;
  beforeAll(async () => {
    server = await startFormServer();
  });
  afterAll(() => server.stop());

  async function accepted(cases: Iterable<FormCase>, checkEvery: number): Promise<number> {
    const { kinds, violations } = await fuzzForms(server, cases, { checkEvery });
    expect(violations.map(describeViolation)).toEqual([]);
    return kinds['accepted'] ?? 0;
  }

  it('are stored only where they are whole: a form that is cut at every point', async () => {
    expect(await accepted(cuts(['one file']), 20)).toBeGreaterThan(100);
  });

  it('are stored only where they are whole, byte for byte: random mutations', async () => {
    const count = await accepted(mutations({ seed: SEED, first: 0, count: MUTATIONS }), 1);
    // Both ways are taken often.
    expect(count).toBeGreaterThan(MUTATIONS / 5);
    expect(count).toBeLessThan(MUTATIONS / 2);
  });
});

describe('the oracle of forms', () => {
  const type = 'multipart/form-data; boundary=b';
  const part = 'Content-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n';
  it.each([
    ['whole', `--b\r\n${part}--b--`],
    ['whole', `before\r\n--b\r\n${part}--b--\r\nbehind`],
    ['doubtful', `--b \r\n${part}--b--\r\n`],
    ['broken', `--b\r\n${part}--b-`],
    ['broken', `--b\r\n${part}--b--x`],
    ['broken', `--b\r\n${part}--bx\r\n--b--\r\n`],
    ['broken', `--b\n${part}--b--\r\n`],
    ['broken', `--b\r\n${part.replace('; filename="a"', '')}--b--\r\n`],
    ['broken', `--b\r\n${part.replace('\r\n\r\n', '\r\n')}--b--\r\n`],
  ])('calls a form %s: %j', (verdict, body) => {
    expect(classifyForm(type, Buffer.from(body)).verdict).toBe(verdict);
  });
});

describe('the oracle of requests', () => {
  const head =
    'PUT / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n';
  const form = '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--b--';
  const size = form.length.toString(16);
  it.each([
    ['complete', 'whole', 1, `${size}\r\n${form}\r\n0\r\n\r\n`],
    ['short', 'broken', 1, `${size}\r\n${form}\r\n0\r\n`],
    ['broken', 'broken', 1, `${size}\r\n${form}\r\n\r\n0\r\n\r\n`],
    ['broken', 'broken', 0, `z\r\n${form}\r\n0\r\n\r\n`],
  ])('finds a framing %s, a form %s and %d whole files in it: %j', (framing, verdict, files, body) => {
    const found = verdictOf(Buffer.from(head + body));
    expect([found.framing, found.verdict, found.files.length]).toEqual([framing, verdict, files]);
  });
});
