import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { validate } from '@readme/openapi-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { allErrorKinds } from '../../../src/http/errors/error-table.js';
import { ERROR_MEANINGS } from '../../../src/openapi/document/error-meanings.js';
import { tableRows } from '../../unit/documents/tables.js';
import { routerLines } from '../support/routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { operationsOf, resolved, servedDocument, type ApiDocument } from './document.js';

let testApp: TestApp;
let document: ApiDocument;

beforeAll(async () => {
  testApp = await startTestApp();
  document = await servedDocument(testApp);
});

afterAll(() => testApp.close());

describe('the document of the API', () => {
  it('is valid OpenAPI 3.1 by two validators', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true });
    expect(await validate(structuredClone(document) as never)).toMatchObject({ valid: true });
  });

  it('has an operation for each route of the router, and no other', () => {
    const lines = routerLines(testApp.app).flatMap((line) =>
      [line.replace(/\{[^}]*\}/, ''), line.replace(/[{}]/g, '')].map((each) =>
        each.replace(/[:*](\w+)/g, '{$1}'),
      ),
    );
    const documented = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    expect(documented.toSorted()).toEqual([...new Set(lines)].toSorted());
  });

  it('gives each operation a name of its own, a sentence and a tag', () => {
    const operations = operationsOf(document).map(({ operation }) => operation);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, summary, tags } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(tags).toHaveLength(1);
    }
  });

  it('describes each parameter, and names each of a path', () => {
    for (const { path, operation } of operationsOf(document)) {
      const parameters = (operation.parameters ?? []).map((each) => resolved(document, each));
      for (const { description } of parameters) expect(description).toMatch(/\.$/);
      const names = parameters.filter((each) => each.in === 'path').map(({ name }) => `{${name}}`);
      expect(names).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
  });

  it('has every kind of error that is answered, under its status', () => {
    const documented = new Set(
      operationsOf(document).flatMap(({ operation }) =>
        Object.entries(operation.responses).flatMap(([status, response]) => {
          const kinds = resolved(document, response).description.matchAll(/^- `(\w+)`: /gm);
          return [...kinds].map(([, kind = '']) => `${status} ${kind}`);
        }),
      ),
    );
    const answered = allErrorKinds().filter(
      ({ status, kind }) => status !== 499 && !ONLY_IN_STATEMENTS.has(kind),
    );
    expect([...documented].sort()).toEqual(
      [...new Set(answered.map(({ status, kind }) => `${String(status)} ${kind}`))].sort(),
    );
  });

  it('says of each kind of error what the reference says', async () => {
    const pages = ['docs/reference/errors.md', 'docs/reference/errors-400.md'];
    const rows = (await Promise.all(pages.map((page) => tableRows(page, ['kind', 'meaning'])))).flat();
    const meanings = new Map<string, Set<string>>();
    for (const [kind = '', meaning = ''] of rows) {
      meanings.set(kind, (meanings.get(kind) ?? new Set()).add(meaning));
    }
    const written = [...meanings].map(([kind, each]) => [kind, [...each].join('; ')]);
    const said = Object.entries(ERROR_MEANINGS).map(([kind, text]) => [kind, text.replaceAll('`', '')]);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(written));
  });

  it('has the version of the program', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8');
    expect(document.info.version).toBe((JSON.parse(text) as { version: string }).version);
  });
});

/** Answered by `POST /v1/query` with 200, and by no status. */
const ONLY_IN_STATEMENTS = new Set([
  'Syntax',
  'Semantic',
  'UnknownFunction',
  'UnknownTable',
  'Unimplemented',
  'BadArguments',
  'InvalidTimezone',
  'QueryIdTaken',
  'UserAlreadyExists',
]);
