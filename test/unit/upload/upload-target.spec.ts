import { uploadTarget } from '../../../src/upload/headers/upload-target.js';
import { ofKind } from '../of-kind.js';

/** Bytes of UTF-8 as Node shows them in a header. */
const sent = (text: string): string => Buffer.from(text).toString('latin1');

it.each<[string, Record<string, string[]>, string, string]>([
  ['the new header', { 'x-databend-stage-name': ['my_stage'] }, 'my_stage', ''],
  ['the old header', { stage_name: ['~'] }, '~', ''],
  ['both, with one value', { stage_name: ['a'], 'x-databend-stage-name': ['a'] }, 'a', ''],
  ['one twice, with one value', { stage_name: ['a', 'a'] }, 'a', ''],
  ['one of them empty', { stage_name: ['a'], 'x-databend-stage-name': [''] }, 'a', ''],
  ['spaces around it', { stage_name: [' a '] }, 'a', ''],
  ['a directory', { stage_name: ['a'], relative_path: ['dir/sub'] }, 'a', 'dir/sub'],
  [
    'a directory in the new header',
    { stage_name: ['a'], 'x-databend-relative-path': ['/dir/'] },
    'a',
    '/dir/',
  ],
  ['an empty directory', { stage_name: ['a'], relative_path: [''] }, 'a', ''],
  ['UTF-8', { stage_name: [sent('bühne')], relative_path: [sent('日本/🎭')] }, 'bühne', '日本/🎭'],
])('%s says where an upload goes', (_what, headers, stageName, directory) => {
  expect(uploadTarget(headers)).toEqual({ stageName, directory });
});

it.each<[string, Record<string, string[]>, string, string]>([
  ['no header', {}, 'MissingStageHeader', 'x-databend-stage-name'],
  ['an empty one', { stage_name: [''] }, 'MissingStageHeader', 'stage_name'],
  ['one of spaces', { stage_name: ['  '] }, 'MissingStageHeader', 'stage_name'],
  ['a directory alone', { relative_path: ['dir'] }, 'MissingStageHeader', 'stage_name'],
  [
    'two that differ',
    { stage_name: ['a'], 'x-databend-stage-name': ['b'] },
    'ConflictingHeaders',
    'send one of them',
  ],
  ['one twice, that differs', { stage_name: ['a', 'b'] }, 'ConflictingHeaders', 'send one of them'],
  [
    'two directories',
    { stage_name: ['a'], relative_path: ['a', 'b'] },
    'ConflictingHeaders',
    'relative_path',
  ],
  ['a dash in its name', { 'stage-name': ['a'] }, 'MissingStageHeader', 'stage-name is not read'],
  [
    'a dash in the name of the directory',
    { stage_name: ['a'], 'relative-path': ['dir'] },
    'MalformedHeader',
    'x-databend-relative-path',
  ],
  ['no UTF-8', { stage_name: ['b\xfchne'] }, 'MalformedHeader', 'x-databend-stage-name'],
  [
    'a directory that is no UTF-8',
    { stage_name: ['a'], relative_path: ['\xff'] },
    'MalformedHeader',
    'relative-path',
  ],
])('%s is refused', (_what, headers, kind, message) => {
  const target = (): unknown => uploadTarget(headers);
  expect(target).toThrow(ofKind(kind));
  expect(target).toThrow(message);
});
