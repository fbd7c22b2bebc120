import { Client, type FilePage } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { onEachStore } from '../support/stores.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NAMES = ['2025/a', '2026/nov/b', '2026/nov/c', '2026/x', '2026.csv', '20260', 'z'];

interface FolderPage extends FilePage {
  readonly prefixes: readonly string[];
}

onEachStore('folders of a stage', (scene) => {
  beforeEach(async () => {
    for (const name of NAMES) await scene().store.put(name, name);
  });

  async function folder(query: string): Promise<readonly [readonly string[], readonly string[]]> {
    const { client, store } = scene();
    const { files, prefixes } = (await client.page(store.stage, `?delimiter=/${query}`)) as FolderPage;
    return [files.map(({ name }) => name), prefixes];
  }

  it.each<[string, string[], string[]]>([
    ['', ['2026.csv', '20260', 'z'], ['2025/', '2026/']],
    ['2026/', ['2026/x'], ['2026/nov/']],
    ['2026', ['2026.csv', '20260'], ['2026/']],
    ['2026/nov/', ['2026/nov/b', '2026/nov/c'], []],
    ['nothing/', [], []],
  ])('below %j are files and prefixes of one level', async (prefix, files, prefixes) => {
    expect(await folder(`&prefix=${prefix}`)).toEqual([files, prefixes]);
  });

  it('count in the limit, and are resumed in one order', async () => {
    const { client, store } = scene();
    const seen: string[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?delimiter=/&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { files, prefixes, next_cursor } = (await client.page(store.stage, query)) as FolderPage;
      seen.push([...files.map(({ name }) => name), ...prefixes]);
      cursor = next_cursor;
    }
    expect(seen).toEqual([['2026.csv', '2025/'], ['20260', '2026/'], ['z']]);
  });

  it('show what is known of their files', async () => {
    const { client, store } = scene();
    await client.send(`/v1/stages/${store.stage}/files/2026/mine`, { method: 'PUT', body: '0123456789' });
    const { files } = await client.page(store.stage, '?delimiter=/&prefix=2026/');
    expect(files.map(({ name, creator }) => [name, creator])).toEqual([
      ['2026/mine', "'root'@'%'"],
      ['2026/x', null],
    ]);
  });

  it('are gone with their last file', async () => {
    const { client, store } = scene();
    await client.send(`/v1/stages/${store.stage}/files?prefix=2026/nov/`, { method: 'DELETE' });
    expect(await folder('&prefix=2026/')).toEqual([['2026/x'], []]);
  });
});

describe('a delimiter', () => {
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
  });

  afterAll(() => testApp.close());

  it.each([
    ['delimiter=,', /delimiter.*must be \/, the only delimiter/],
    ['delimiter=', /delimiter.*must be \/, the only delimiter/],
    ['delimiter=//', /delimiter.*must be \/, the only delimiter/],
    ['delimiter=/&pattern=.*', /Give delimiter or pattern/],
  ])('as in ?%s is refused', async (query, message) => {
    const answer = await client.send(`/v1/stages/~/files?${query}`);
    await expectError(answer, { status: 400, code: 1006, kind: 'InvalidRequest', message });
  });

  it('lists nothing in an empty stage', async () => {
    expect(await client.page('~', '?delimiter=/')).toEqual({ files: [], prefixes: [], next_cursor: null });
  });
});
