import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { newPerson, Rest } from '../people/rest.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface StagePage {
  readonly stages: readonly { readonly name: string }[];
  readonly next_cursor: string | null;
}

const NAMES = ['a1', 'a2', 'b1', 'b2', 'c1'];

let testApp: TestApp;
let root: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  for (const name of NAMES) await root.get('POST /v1/stages', { name }, 201);
});

afterAll(() => testApp.close());

async function page(rest: Rest, query: string): Promise<{ names: string[]; next_cursor: string | null }> {
  const { stages, next_cursor } = await rest.get<StagePage>(`GET /v1/stages${query}`);
  return { names: stages.map(({ name }) => name), next_cursor };
}

async function walked(rest: Rest, query: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { names, next_cursor } = await page(rest, `?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(names);
    cursor = next_cursor;
  }
  return pages;
}

describe('the list of stages', () => {
  it('has all of them without a limit', async () => {
    expect(await page(root, '')).toEqual({ names: NAMES, next_cursor: null });
  });

  it('comes by pages, each after the last one', async () => {
    expect(await walked(root, 'limit=2')).toEqual([['a1', 'a2'], ['b1', 'b2'], ['c1']]);
    expect(await walked(root, 'limit=5')).toEqual([NAMES]);
    expect(await walked(root, 'limit=1&like=%251')).toEqual([['a1'], ['b1'], ['c1']]);
  });

  it('has pages full of what one may see, and says nothing of the rest', async () => {
    const ann = await newPerson(testApp, 'ann');
    for (const name of ['a2', 'c1'])
      await root.done(`PUT /v1/stages/${name}/grants/users/ann`, { privileges: ['READ'] });
    expect(await walked(ann, 'limit=1')).toEqual([['a2'], ['c1']]);
    const { next_cursor: cursor } = await page(root, '?limit=1');
    const foreign = await ann.client.send(`/v1/stages?cursor=${String(cursor)}`);
    await expectError(foreign, { status: 400, code: 1006, kind: 'InvalidCursor', message: /another user/ });
  });

  it.each([
    ['?limit=0', /limit/],
    ['?limit=1001', /limit/],
    ['?limit=x', /limit/],
    ['?cursor=old', /Leave the cursor out/],
  ])('by %s is refused', async (query, message) => {
    const answer = await new Client(testApp).send(`/v1/stages${query}`);
    await expectError(answer, { status: 400, code: 1006, message });
  });

  it('takes no cursor of another pattern', async () => {
    const { next_cursor: cursor } = await page(root, '?limit=1');
    const answer = await root.client.send(`/v1/stages?like=a%25&cursor=${String(cursor)}`);
    await expectError(answer, {
      status: 400,
      code: 1006,
      kind: 'InvalidCursor',
      message: /other parameters/,
    });
  });
});
