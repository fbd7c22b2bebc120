import { stageFileKey, stageFileName, stagePrefix } from '../../../src/stages/files/stage-path.js';
import { ofKind } from '../of-kind.js';

it.each([
  ['', 'a.csv', 'a.csv'],
  ['dir', 'a.csv', 'dir/a.csv'],
  ['dir/', 'a.csv', 'dir/a.csv'],
  ['/dir/', '/a.csv', 'dir/a.csv'],
  ['//dir//sub//', '//a.csv', 'dir/sub/a.csv'],
  ['/', 'a.csv', 'a.csv'],
  ['///', '///a.csv', 'a.csv'],
  ['', 'dir/sub/a.csv', 'dir/sub/a.csv'],
  ['dir', 'sub//a.csv', 'dir/sub/a.csv'],
  ['日本', '東京.csv', '日本/東京.csv'],
])('in the directory %j the file %j has the key %s', (directory, name, key) => {
  expect(stageFileKey(directory, name)).toBe(key);
});

it.each([
  ['', ''],
  ['dir', ''],
  ['dir', '/'],
  ['dir', '///'],
  ['', 'dir/'],
  ['..', 'a.csv'],
  ['dir/..', 'a.csv'],
  ['', '../a.csv'],
  ['dir', '..'],
  ['dir', '/../a.csv'],
  ['dir', './a.csv'],
  [' dir', 'a.csv'],
  ['dir ', 'a.csv'],
  ['', ' a.csv'],
  ['', 'C:\\a.csv'],
  ['', 'a\0.csv'],
  ['x'.repeat(256), 'a.csv'],
  ['x/'.repeat(600), 'a.csv'],
])('in the directory %j the file %j is refused', (directory, name) => {
  expect(() => stageFileKey(directory, name)).toThrow(ofKind('InvalidKey'));
});

const ON_DISK = { dotComponents: false };
const IN_BUCKET = { dotComponents: true };

describe.each([
  ['on disk', ON_DISK],
  ['in a bucket', IN_BUCKET],
])('%s', (_where, capabilities) => {
  it.each(['', 'a', 'ab/', '/ab', '//ab//c', '/', '..a', '..', '.', 'a..', 'a b ', 'a\\..\\b', 'C:x', '/..'])(
    'the prefix %j is taken as it is',
    (prefix) => {
      expect(stagePrefix(prefix, capabilities)).toBe(prefix);
    },
  );

  it.each([
    'a.csv',
    '/a',
    'a//b',
    'a/',
    ' a',
    'a ',
    'a\nb',
    'a\0b',
    'C:x',
    '\\x',
    'x'.repeat(2000),
    '\uFFFD',
    '\uFDD0FF',
  ])('a file that is there can be named %j', (name) => {
    expect(stageFileName(name, capabilities)).toBe(name);
  });

  it.each(['', '\ud800', 'a\udc00/b'])('no file can be named %j', (name) => {
    expect(() => stageFileName(name, capabilities)).toThrow(ofKind('InvalidKey'));
  });
});

it.each(['../a', 'a/../', 'a/./b', '/../x', './'])('the prefix %j is refused on a disk alone', (prefix) => {
  expect(() => stagePrefix(prefix, ON_DISK)).toThrow(ofKind('InvalidKey'));
  expect(stagePrefix(prefix, IN_BUCKET)).toBe(prefix);
});

it.each(['..', '.', '../a', 'a/..', 'a/./b'])('the name %j is refused on a disk alone', (name) => {
  expect(() => stageFileName(name, ON_DISK)).toThrow(ofKind('InvalidKey'));
  expect(stageFileName(name, IN_BUCKET)).toBe(name);
});
