import { stageFileKey, stagePrefix } from '../../../src/stages/files/stage-path.js';
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

it.each([
  ['', ''],
  ['a', 'a'],
  ['ab/', 'ab/'],
  ['/ab', 'ab'],
  ['//ab//c', 'ab/c'],
  ['/', ''],
  ['..a', '..a'],
  ['a..', 'a..'],
  ['a b ', 'a b '],
])('the prefix %j is %j', (text, prefix) => {
  expect(stagePrefix(text)).toBe(prefix);
});

it.each(['..', '.', '../a', 'a/../', 'a/./b', 'a\\..\\b', '/..', '//../x'])(
  'the prefix %j is refused',
  (text) => {
    expect(() => stagePrefix(text)).toThrow(ofKind('InvalidKey'));
  },
);
