import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { Exchanges } from '../support/exchanges.js';
import { presigned } from '../support/presigned.js';
import { bucketStore, onEachStore, onStore, type Scene } from '../support/stores.js';

type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE';
/** What a condition says of a file that is there; `known`: whoever reads has it already. */
type Verdict = 'holds' | 'fails' | 'known' | 'malformed';

/** With `E` for the file's ETag. */
interface Condition {
  readonly headers: Readonly<Record<string, string>>;
  readonly reading: Verdict;
  readonly changing: Verdict;
  /** What it says to PUT of a file that is not there. */
  readonly absent: Verdict;
}

const PAST = 'Sun, 06 Nov 1994 08:49:37 GMT';
const PAST_FORMS = ['Sunday, 06-Nov-94 08:49:37 GMT'];
const FUTURE = 'Fri, 01 Jan 2077 00:00:00 GMT';
// All other forms are tables of the unit tests.
const NO_DATES = ['yesterday', 'Sun, 31 Feb 2077 00:00:00 GMT'];
const NO_TAGS = ['E-unquoted', '*, E'];

const both = (verdict: Verdict, absent: Verdict = verdict): Omit<Condition, 'headers'> => ({
  reading: verdict,
  changing: verdict,
  absent,
});
const known = { reading: 'known', changing: 'fails', absent: 'holds' } as const;
const readAlone = (reading: Verdict): Omit<Condition, 'headers'> => ({
  reading,
  changing: 'holds',
  absent: 'holds',
});

const CONDITIONS: readonly Condition[] = [
  ...['E', '*', '"x", E'].map((tags) => ({
    headers: { 'if-match': tags },
    ...both('holds', 'fails'),
  })),
  ...['"stale"', 'W/E', '"x", "y"'].map((tags) => ({
    headers: { 'if-match': tags },
    ...both('fails'),
  })),
  ...['"stale"'].map((tags) => ({ headers: { 'if-none-match': tags }, ...both('holds') })),
  ...['W/E', '*', '"x", E'].map((tags) => ({ headers: { 'if-none-match': tags }, ...known })),
  ...['if-match', 'if-none-match'].flatMap((name) =>
    NO_TAGS.map((tags) => ({ headers: { [name]: tags }, ...both('malformed') })),
  ),
  { headers: { 'if-unmodified-since': FUTURE }, ...both('holds') },
  ...[PAST, ...PAST_FORMS].map((date) => ({
    headers: { 'if-unmodified-since': date },
    ...both('fails', 'holds'),
  })),
  ...NO_DATES.map((date) => ({ headers: { 'if-unmodified-since': date }, ...both('holds') })),
  { headers: { 'if-modified-since': FUTURE }, ...readAlone('known') },
  ...[PAST, ...PAST_FORMS, ...NO_DATES].map((date) => ({
    headers: { 'if-modified-since': date },
    ...readAlone('holds'),
  })),
  // The order of RFC 9110 13.2.2.
  { headers: { 'if-match': 'E', 'if-unmodified-since': PAST }, ...both('holds', 'fails') },
  { headers: { 'if-match': '"stale"', 'if-unmodified-since': FUTURE }, ...both('fails') },
  { headers: { 'if-none-match': '"stale"', 'if-modified-since': FUTURE }, ...both('holds') },
  { headers: { 'if-none-match': 'E', 'if-modified-since': PAST }, ...known },
  {
    headers: { 'if-match': 'E', 'if-none-match': 'E' },
    reading: 'known',
    changing: 'fails',
    absent: 'fails',
  },
  { headers: { 'if-match': '"stale"', 'if-none-match': 'E' }, ...both('fails') },
  { headers: { 'if-match': '*', 'if-none-match': '"stale"' }, ...both('holds', 'fails') },
  { headers: { 'if-unmodified-since': PAST, 'if-none-match': 'E' }, ...both('fails', 'holds') },
  { headers: { 'if-unmodified-since': FUTURE, 'if-modified-since': FUTURE }, ...readAlone('known') },
];

const METHODS: readonly Method[] = ['GET', 'HEAD', 'PUT', 'DELETE'];
const STATUS = { holds: 200, fails: 412, known: 304, malformed: 400 } as const;
const TABLE = METHODS.flatMap((method) =>
  CONDITIONS.map((condition) => [method, JSON.stringify(condition.headers), condition] as const),
);

/** Of each verdict on reading and on changing one. */
const SAMPLE = [...new Map(CONDITIONS.map((each) => [`${each.reading} ${each.changing}`, each])).values()];

const verdictOf = (method: Method, { reading, changing }: Condition): Verdict =>
  method === 'GET' || method === 'HEAD' ? reading : changing;

let exchanges: Exchanges;

function conditionsHold(scene: () => Scene): void {
  const url = (name: string): string => `/v1/stages/${scene().store.stage}/files/${name}`;

  beforeAll(() => {
    exchanges = new Exchanges(scene().testApp);
  });
  afterAll(() => {
    exchanges.close();
  });

  async function put(content: string): Promise<Readonly<Record<string, string>>> {
    const { headers } = await exchanges.send('PUT', url('f'), {}, content);
    return { etag: String(headers.etag) };
  }

  const withEtag = ({ headers }: Condition, etag: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replaceAll('E', (at) => (/GMT|Dec|Feb|unquoted/.test(value) ? at : etag)),
      ]),
    );

  async function expectOutcome(method: Method, verdict: Verdict, status: number): Promise<void> {
    const isDone = verdict === 'holds';
    expect(status).toBe(STATUS[verdict]);
    const left = await scene().client.content(scene().store.stage, 'f');
    if (method === 'DELETE') expect(left).toBe(isDone ? undefined : 'old');
    else expect(left).toBe(method === 'PUT' && isDone ? 'new' : 'old');
  }

  it.each(TABLE)('%s with %s', async (method, _headers, condition) => {
    const { etag = '' } = await put('old');
    const body = method === 'PUT' ? 'new' : '';
    const answer = await exchanges.send(method, url('f'), withEtag(condition, etag), body);
    await expectOutcome(method, verdictOf(method, condition), answer.status);
    if (answer.status === 304) expect(answer.headers.etag).toBe(etag);
  });

  it.each(TABLE.filter(([method, , condition]) => method !== 'DELETE' && SAMPLE.includes(condition)))(
    '%s over a presigned URL with %s',
    async (method, _headers, condition) => {
      const { etag = '' } = await put('old');
      const { stage } = scene().store;
      const given = await presigned(scene().client, stage, {
        method: method === 'PUT' ? 'PUT' : 'GET',
        path: 'f',
      });
      const { pathname } = new URL(given.url);
      const headers = { ...withEtag(condition, etag), authorization: '' };
      const answer = await exchanges.send(method, pathname, headers, method === 'PUT' ? 'new' : '');
      await expectOutcome(method, verdictOf(method, condition), answer.status);
    },
  );

  it.each(TABLE.filter(([method, , condition]) => method === 'PUT' || SAMPLE.includes(condition)))(
    '%s of a file that is not there, with %s',
    async (method, _headers, condition) => {
      const answer = await exchanges.send(
        method,
        url('f'),
        withEtag(condition, '"e"'),
        method === 'PUT' ? 'new' : '',
      );
      const isMalformed = condition.absent === 'malformed';
      const changed = condition.absent === 'holds' ? 201 : STATUS[condition.absent];
      expect(answer.status).toBe(isMalformed ? 400 : method === 'PUT' ? changed : 404);
      expect(await scene().client.content(scene().store.stage, 'f')).toBe(
        answer.status === 201 ? 'new' : undefined,
      );
    },
  );

  it.each(['if-match', 'if-none-match', 'if-unmodified-since'])(
    'a removal by prefix takes no %s',
    async (name) => {
      await put('old');
      const value = name.endsWith('since') ? FUTURE : '*';
      const path = `/v1/stages/${scene().store.stage}/files?prefix=f`;
      expect((await exchanges.send('DELETE', path, { [name]: value })).status).toBe(400);
      expect(await scene().client.names(scene().store.stage)).toEqual(['f']);
    },
  );

  it.each<[string, number, string, string | undefined]>([
    ['bytes=4-9223372036854775807', 206, '456789', 'bytes 4-9/10'],
    ['bytes=0-18446744073709551616', 206, '0123456789', 'bytes 0-9/10'],
    [`bytes=9-${'9'.repeat(300)}`, 206, '9', 'bytes 9-9/10'],
    ['bytes=-9223372036854775808', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['BYTES=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=9223372036854775807-', 416, '', 'bytes */10'],
    ['bytes=99999999999999999999-99999999999999999999', 416, '', 'bytes */10'],
    ['bytes=9007199254740993-9007199254740992', 200, '0123456789', undefined],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['items=0-1', 200, '0123456789', undefined],
  ])('Range: %s', async (range, status, text, contentRange) => {
    await put('0123456789');
    const answer = await exchanges.send('GET', url('f'), { range });
    expect([answer.status, answer.headers['content-range']]).toEqual([status, contentRange]);
    if (status !== 416) expect(answer.text).toBe(text);
    const head = await exchanges.send('HEAD', url('f'), { range });
    expect([head.status, head.headers['content-length']]).toEqual([200, '10']);
  });

  it.each<[string, number, string | undefined]>([
    ['bytes=-5', 200, undefined],
    ['bytes=-1', 200, undefined],
    ['bytes=-0', 416, 'bytes */0'],
    ['bytes=0-', 416, 'bytes */0'],
    ['bytes=0-0', 416, 'bytes */0'],
  ])('Range: %s of an empty file', async (range, status, contentRange) => {
    const { etag = '' } = await put('');
    for (const headers of [{ range }, { range, 'if-match': etag }]) {
      const answer = await exchanges.send('GET', url('f'), headers);
      expect([answer.status, answer.headers['content-range']]).toEqual([status, contentRange]);
      if (status === 200) expect([answer.text, answer.headers['content-length']]).toEqual(['', '0']);
    }
  });

  it.each<[string, (etag: string) => string, number]>([
    ['its ETag', (etag) => etag, 206],
    ['a stale one', () => '"stale"', 200],
    ['a weak one', (etag) => `W/${etag}`, 200],
    ['a list', (etag) => `${etag}, "x"`, 200],
    ['any', () => '*', 200],
    ['a date of the past', () => PAST, 200],
    ['a date of the future', () => FUTURE, 200],
    ['no date', () => 'yesterday', 200],
  ])('a range with If-Range of %s', async (_what, ifRange, status) => {
    const { etag = '' } = await put('0123456789');
    const headers = { range: 'bytes=2-3', 'if-range': ifRange(etag) };
    const answer = await exchanges.send('GET', url('f'), headers);
    expect([answer.status, answer.text]).toEqual([status, status === 206 ? '23' : '0123456789']);
  });

  it('a range with If-Range of the very date, when its second is over', async () => {
    await put('0123456789');
    const { headers } = await exchanges.send('HEAD', url('f'));
    const lastModified = String(headers['last-modified']);
    const ask = { range: 'bytes=2-3', 'if-range': lastModified };
    while (new Date().toUTCString() === lastModified) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await exchanges.send('GET', url('f'), ask)).status).toBe(206);
    const known = { 'if-modified-since': lastModified };
    expect((await exchanges.send('GET', url('f'), known)).status).toBe(304);
  });

  it('what is known comes before a range that holds nothing, and a stale If-Match before both', async () => {
    const { etag = '' } = await put('0123456789');
    const range = 'bytes=99-';
    expect((await exchanges.send('GET', url('f'), { range, 'if-none-match': etag })).status).toBe(304);
    expect((await exchanges.send('GET', url('f'), { range, 'if-match': '"stale"' })).status).toBe(412);
    expect((await exchanges.send('GET', url('f'), { range, 'if-match': etag })).status).toBe(416);
  });
}

onEachStore('conditions', conditionsHold);

describe('conditions on an S3 that keeps them itself', () => {
  let s3: PermissiveS3;

  beforeAll(async () => {
    s3 = await startPermissiveS3();
  });
  afterAll(() => s3.stop());

  onStore({}, (_testApp, client) => bucketStore(s3, client), conditionsHold);
});
