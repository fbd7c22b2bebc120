import { readdirSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const SOURCES = resolve(ROOT, 'src');
const SCHEMES = readdirSync(resolve(SOURCES, 'storage/providers'));

/** The folders that an entry names: `a/{b,c}/` is two of them, `<scheme>` each scheme. */
function namedBy(entry: string): string[] {
  const choice = /\{([^}]*)\}/.exec(entry);
  const options = choice?.[1]?.split(',') ?? (entry.includes('<scheme>') ? SCHEMES : undefined);
  const replaced = choice?.[0] ?? '<scheme>';
  return options === undefined
    ? [entry]
    : options.flatMap((option) => namedBy(entry.replace(replaced, option)));
}

function mappedFolders(): string[] {
  const text = readFileSync(resolve(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const map = /^## Map of `src\/`$([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
  const entries = map.split('\n').flatMap((line) => /^- ((?:`[^`]+\/`(?:, )?)+):/.exec(line)?.[1] ?? []);
  return entries.flatMap((names) =>
    [...names.matchAll(/`([^`]+)\/`/g)].flatMap(([, name]) => namedBy(name ?? '')),
  );
}

function foldersWithFiles(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const folders = new Set(files.map((file) => relative(SOURCES, file.parentPath)));
  folders.delete('');
  return [...folders];
}

describe('the map of src/ in CONTRIBUTING.md', () => {
  it('names each folder that holds a file, and no other', () => {
    expect(mappedFolders().toSorted()).toEqual(foldersWithFiles().toSorted());
  });

  it('names each folder once', () => {
    const folders = mappedFolders();
    expect(folders).toHaveLength(new Set(folders).size);
  });
});

describe('a path of src/ that CONTRIBUTING.md names', () => {
  const text = readFileSync(resolve(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const rooms = readdirSync(SOURCES, { withFileTypes: true });
  const tops = rooms.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const paths = [...text.matchAll(/`(?:src\/)?([\w./-]+\.ts)`/g)].map(([, path]) => path ?? '');
  const full = paths.filter((path) => tops.includes(path.split('/')[0] ?? '') && path.includes('/'));
  it.each([...new Set(full)])('%s is there', (path) => {
    expect(readdirSync(resolve(SOURCES, path, '..'))).toContain(path.split('/').at(-1));
  });
});
