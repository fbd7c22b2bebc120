import { checkNewStageName } from '../../../src/stages/catalog/stage-name.js';
import { ofKind } from '../of-kind.js';

it.each([
  'a',
  'my_stage',
  '_x',
  'S3',
  'a$b',
  'MyStage',
  'bühne',
  '舞台',
  'x'.repeat(255),
  'selects',
  '_databend_load2',
])('a stage may be called %s', (name) => {
  expect(() => {
    checkNewStageName(name);
  }).not.toThrow();
});

it.each([
  ['~', 'UserStageImmutable', 'user stage is not allowed to be created'],
  [
    '_databend_load',
    'ReservedStageName',
    'Can not create stage with name `_databend_load`, which is reserved',
  ],
  ['_Databend_LOAD', 'ReservedStageName', '`_databend_load`, which is reserved'],
  ['', 'InvalidStageName', 'letters, digits'],
  ['1a', 'InvalidStageName', 'letters, digits'],
  ['$a', 'InvalidStageName', 'letters, digits'],
  ['a-b', 'InvalidStageName', 'letters, digits'],
  ['a.b', 'InvalidStageName', 'letters, digits'],
  ['a/b', 'InvalidStageName', 'letters, digits'],
  ['..', 'InvalidStageName', 'letters, digits'],
  ['a b', 'InvalidStageName', 'letters, digits'],
  ['a\n', 'InvalidStageName', 'letters, digits'],
  ['~a', 'InvalidStageName', 'letters, digits'],
  ['🎭', 'InvalidStageName', 'letters, digits'],
  ['x'.repeat(256), 'InvalidStageName', '255 bytes'],
  ['舞'.repeat(86), 'InvalidStageName', '255 bytes'],
  ['select', 'InvalidStageName', 'reserved word'],
  ['Stage', 'InvalidStageName', 'reserved word'],
  ['NOTIFICATION', 'InvalidStageName', 'reserved word'],
])('no stage may be called %j: %s', (name, kind, message) => {
  const check = (): void => {
    checkNewStageName(name);
  };
  expect(check).toThrow(ofKind(kind));
  expect(check).toThrow(message);
});
