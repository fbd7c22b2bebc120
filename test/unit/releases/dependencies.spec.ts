import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPOSITORY } from '../../acceptance/documents/pages.js';

/** Licences that let Stagedoor be passed on under its own, Apache-2.0. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** Packages that name no licence in the form of npm. Their files of it were read: all are MIT. */
const READ_BY_HAND = new Set(['busboy', 'passport-http', 'passport-strategy', 'pause', 'streamsearch']);

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

let packages: readonly (readonly [path: string, entry: LockedPackage])[];

beforeAll(async () => {
  const text = await readFile(join(REPOSITORY, 'package-lock.json'), 'utf8');
  const lock = JSON.parse(text) as { readonly packages: Record<string, LockedPackage> };
  packages = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
});

/** Is one of the licences allowed, as in `(MIT OR WTFPL)`? All of them must be in `A AND B`. */
function isAllowed(license: string): boolean {
  const plain = license.replaceAll(/[()]/g, '');
  return plain
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name.trim())));
}

describe('what is delivered with the service', () => {
  it('has licences that are allowed', () => {
    const named = packages.filter(([path]) => !READ_BY_HAND.has(path.replace('node_modules/', '')));
    const others = named.filter(([, { license = 'none' }]) => !isAllowed(license));
    expect(others.map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
    expect(packages.length).toBeGreaterThan(100);
  });

  it.each(['linux-x64-gnu', 'linux-arm64-gnu'])('has native parts for %s, as its image needs', (platform) => {
    const paths = packages.map(([path]) => path);
    for (const name of ['@node-rs/argon2', '@node-rs/crc32']) {
      expect(paths).toContain(`node_modules/${name}-${platform}`);
    }
  });
});
