import { tableRows } from '../../unit/documents/tables.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;

beforeAll(async () => {
  testApp = await startTestApp();
});

afterAll(() => testApp.close());

interface KnownRoute {
  /** `/v1/stages/{name}` */
  readonly path: string;
  readonly methods: readonly string[];
}

function knownRoutes(): KnownRoute[] {
  const express = testApp.app.getHttpAdapter().getInstance();
  return express.router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const path = route.path.replace(/[{}]/g, '').replace(/[:*](\w+)/g, '{$1}');
    return [{ path, methods: route.stack.map(({ method }) => method.toUpperCase()) }];
  });
}

/** `GET /v1/stages` */
function named({ path, methods }: KnownRoute): string[] {
  return methods.map((method) => `${method} ${path}`);
}

const PAGES = [
  'docs/http-api.md',
  'docs/reference/http.md',
  'docs/reference/http-databend.md',
  'docs/reference/http-files.md',
  'docs/reference/http-people.md',
  'docs/reference/http-quotas.md',
  'docs/reference/http-uploads-and-connections.md',
];

describe(`the routes in ${PAGES.join(' and ')}`, () => {
  it('are those of the router', async () => {
    const rows = (await Promise.all(PAGES.map((page) => tableRows(page, ['method', 'path'])))).flat();
    const routes = knownRoutes().flatMap(named);
    const documented = rows.map(([methods = '', path = '']) => ({ path, methods: methods.split(', ') }));

    expect(documented.flatMap(named).sort()).toEqual(routes.sort());
  });
});
