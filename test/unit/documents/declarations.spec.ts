import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Every file of the repository, those that are not added yet among them. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

/** What stands in place of a type and lets everything pass: in TypeScript the linter refuses it. */
const UNTYPED =
  /@ts-(nocheck|ignore|expect-error)|@(param|returns|type|typedef|property).*(\bany\b|\{[*?]\})/;

it('no declarations are written by hand: a module in JavaScript has its types in itself', () => {
  expect(files.filter((path) => /\.d\.[mc]?ts$/.test(path))).toEqual([]);
});

it('no module in JavaScript says `any`, or is left out by the compiler', () => {
  const lines = files
    .filter((path) => path.endsWith('.mjs'))
    .flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(lines.length).toBeGreaterThan(5_000);
  expect(lines.filter((line) => UNTYPED.test(line))).toEqual([]);
});
