import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import { REPOSITORY } from '../../acceptance/documents/pages.js';
import { copiedSources, stagesOf, type Stage } from './dockerfile.js';

let text: string;
let build: Stage;
let final: Stage;
let ignored: (path: string) => boolean;

async function read(path: string): Promise<string> {
  return readFile(join(REPOSITORY, path), 'utf8');
}

beforeAll(async () => {
  text = await read('Dockerfile');
  const stages = stagesOf(text);
  expect(stages).toHaveLength(2);
  [build, final] = stages as [Stage, Stage]; // there are two
  ignored = isIgnored((await read('.dockerignore')).split('\n'));
});

/** As Docker reads the file: the last rule that fits decides; one that fits a folder fits what is in it. */
function isIgnored(rules: readonly string[]): (path: string) => boolean {
  const known = rules.filter((rule) => rule !== '' && !rule.startsWith('#'));
  return (path) => {
    const last = known.findLast((rule) => {
      const plain = rule.replace(/^!/, '');
      return plain === '*' || path === plain || path.startsWith(`${plain}/`);
    });
    return last !== undefined && !last.startsWith('!');
  };
}

const copiedInto = (stage: Stage): string[] => stage.instructions.flatMap(copiedSources);

const isCopied = (path: string): boolean =>
  copiedInto(build).some((source) => path === source || path.startsWith(`${source}/`));

/** Modules that a script loads, and those that they load, as paths from the top. */
async function modulesOf(entry: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, path = ''] of (await read(entry)).matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
    await modulesOf(relative(REPOSITORY, resolve(REPOSITORY, dirname(entry), path)), found);
  }
  return found;
}

describe('the recipe of the image', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const sources = [...copiedInto(build), ...copiedInto(final)];
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
    expect(sources.filter(ignored)).toEqual([]);
  });

  it('has every module of the build before it builds, and every setting of its tools', async () => {
    const modules = [
      ...(await modulesOf('scripts/build.mjs')),
      ...(await modulesOf('console/vite.config.mjs')),
    ];
    const settings = ['nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'ormconfig.ts'];
    expect([...modules, ...settings].filter((path) => !isCopied(path))).toEqual([]);
    const order = build.instructions.map((instruction) =>
      instruction.name === 'RUN' && instruction.text.includes('npm run build') ? 'build' : instruction.name,
    );
    expect(order.lastIndexOf('COPY')).toBeLessThan(order.indexOf('build'));
  });

  it('installs what the lockfile says, and leaves the tools out of what it delivers', () => {
    const runs = build.instructions.filter(({ name }) => name === 'RUN').map((each) => each.text);
    expect(runs).toContain('npm ci');
    expect(runs.at(-1)).toMatch(/^npm run build +&& npm prune --omit=dev +&& node /);
    const froms = final.instructions.filter((each) => each.text.startsWith('--from=build '));
    expect(froms.map((each) => each.text)).toEqual([
      '--from=build /app/node_modules ./node_modules',
      '--from=build /app/dist ./dist',
    ]);
    expect(copiedInto(final)).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'bin']));
  });

  it('is the same for every architecture: one release of one image, and no name of a machine', () => {
    expect(build.image).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(final.image).toBe(build.image);
    expect(text).not.toMatch(/--platform|amd64|arm64|x86_64|aarch64|\bx64\b/);
  });

  it('has the Node that package.json asks for, and that the smoke run of CI takes', async () => {
    const major = /^node:(\d+)/.exec(build.image)?.[1];
    expect(await read('.ci/run')).toContain(`npm run --silent smoke -- --node ${String(major)}`);
  });

  it('runs as a user that is not root, by the launcher itself', () => {
    const one = (name: string): string =>
      final.instructions.findLast((each) => each.name === name)?.text ?? 'none';
    expect(one('USER')).toBe('1000:1000');
    expect(one('CMD')).toBe('["bin/stagedoor"]');
    expect(one('STOPSIGNAL')).toBe('SIGTERM');
    expect(one('ENV')).toContain('NODE_ENV=production');
  });
});
