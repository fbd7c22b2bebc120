import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { REPOSITORY } from '../documents/pages.js';
import { removeFolder, temporaryFolder } from '../support/server-process.js';

/** The schemas of CycloneDX, as they come with the tool. */
const SCHEMAS = 'scripts/sbom/node_modules/@cyclonedx/cyclonedx-library/res/schema';
const PARTS = ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'];
/** Under which they refer to each other. */
const OWN_NAME = 'http://cyclonedx.org/schema/';

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly unknown[];
}

interface Bill {
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly dev?: boolean;
}

let folder: string;
let text: string;
let bill: Bill;

async function write(name: string): Promise<string> {
  const file = join(folder, name);
  const command = [join(REPOSITORY, 'scripts/sbom.mjs'), '--output', file];
  await promisify(execFile)(process.execPath, command);
  return readFile(file, 'utf8');
}

beforeAll(async () => {
  folder = await temporaryFolder();
  text = await write('first.json');
  bill = JSON.parse(text) as Bill;
}, 120_000);

afterAll(() => removeFolder(folder));

const fullName = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(REPOSITORY, path), 'utf8')) as T;
}

/** Packages that the sources of a folder import. */
async function importedBy(path: string): Promise<ReadonlySet<string>> {
  const files = (await readdir(join(REPOSITORY, path), { recursive: true })).filter((name) =>
    /\.tsx?$/.test(name),
  );
  const sources = await Promise.all(files.map((name) => readFile(join(REPOSITORY, path, name), 'utf8')));
  const found = sources.flatMap((source) => [
    ...source.matchAll(/^(?:import|export) (?!type ).*?from '((?:@[^/']+\/)?[^./'][^/']*)/gm),
  ]);
  return new Set(found.map(([, name = '']) => name));
}

describe('the bill of materials', () => {
  it('is valid CycloneDX', async () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const name of PARTS)
      ajv.addSchema(await readJson<object>(`${SCHEMAS}/${name}`), `${OWN_NAME}${name}`);
    const isValid = ajv.compile(
      await readJson<object>(`${SCHEMAS}/bom-${bill.specVersion}.SNAPSHOT.schema.json`),
    );
    expect([isValid(bill), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...bill, components: [{ name: 'of no type' }] })).toBe(false);
  });

  it('is of the version in package.json', async () => {
    const { name, version } = await readJson<{ name: string; version: string }>('package.json');
    expect(bill.metadata.component).toMatchObject({ name, version });
  });

  it('names each package that is installed with the service, in its version', async () => {
    const { packages } = await readJson<{ packages: Record<string, LockedPackage> }>('package-lock.json');
    const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    const expected = installed.map(([path, { name = path.replace(/^.*node_modules\//, ''), version }]) => [
      name,
      version,
    ]);
    const listed = bill.components.map((component) => [fullName(component), component.version]);
    expect(listed).toEqual(expect.arrayContaining(expected));
  });

  it('names what the build copies into its pages, and no tool of the build', async () => {
    const listed = bill.components.map(fullName);
    const imported = [...(await importedBy('console/src')), ...(await importedBy('clients/typescript/src'))];
    const copied = imported.map((name) => (/^react(-dom)?$/.test(name) ? 'preact' : name));
    expect(listed).toEqual(expect.arrayContaining([...copied, 'swagger-ui-dist']));
    expect(
      listed.filter((name) => /^(jest|typescript|eslint|vite|react|playwright-core)$/.test(name)),
    ).toEqual([]);
  });

  it('refers to nothing that it leaves out', () => {
    const refs = new Set(bill.dependencies.map(({ ref }) => ref));
    expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual(
      [],
    );
    expect(refs.size).toBe(bill.components.length + 1);
  });

  it('is the same file for the same sources', async () => {
    expect(await write('second.json')).toBe(text);
  });
});
