import { tableRows } from '../../unit/documents/tables.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A route that takes so many methods takes any, and says by itself which are meant. */
const ANY_METHOD = 10;

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

describe('the routes in docs/reference/http.md', () => {
  it('are those of the router', async () => {
    const rows = await tableRows('docs/reference/http.md', ['method', 'path']);
    const routes = knownRoutes();
    const ofAny = routes.filter(({ methods }) => methods.length > ANY_METHOD).map(({ path }) => path);
    const documented = rows.map(([methods = '', path = '']) => ({ path, methods: methods.split(', ') }));
    const listed = documented.flatMap(named);
    const paths = documented.map(({ path }) => path);
    const fixed = routes.filter(({ methods }) => methods.length <= ANY_METHOD).flatMap(named);

    expect(new Set(paths)).toEqual(new Set(routes.map(({ path }) => path)));
    expect(fixed.filter((route) => !listed.includes(route))).toEqual([]);
    expect(listed.filter((route) => !fixed.includes(route) && !ofAny.includes(pathOf(route)))).toEqual([]);
  });
});

function pathOf(route: string): string {
  return route.split(' ')[1] ?? '';
}
