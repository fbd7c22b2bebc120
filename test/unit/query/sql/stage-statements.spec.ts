import { plain } from './plain.js';

const CREATED = { kind: 'create-stage', name: 's', orReplace: false, ifNotExists: false };
const S3 = { url: 's3://b/p/' };

it.each<[string, Record<string, unknown>]>([
  ['CREATE STAGE s', {}],
  ['create stage s;', {}],
  ['  CrEaTe\n\tStAgE /* the */ s -- stage\n ; ', {}],
  ['CREATE OR REPLACE STAGE s', { orReplace: true }],
  ['CREATE STAGE IF NOT EXISTS s', { ifNotExists: true }],
  ['CREATE STAGE ~', { name: '~' }],
  ['CREATE STAGE @~', { name: '~' }],
  ['CREATE STAGE @s1', { name: 's1' }],
  ['CREATE STAGE MyStage', { name: 'MyStage' }],
  ['CREATE STAGE 数据', { name: '数据' }],
  ['CREATE STAGE stage$named_format', { name: 'stage$named_format' }],
  ['CREATE STAGE url', { name: 'url' }],
  ['CREATE STAGE select', { name: 'select' }],
  ["CREATE STAGE s URL = 's3://b/p/'", { source: S3 }],
  ["CREATE STAGE s URL='s3://b/p/'", { source: S3 }],
  ["CREATE STAGE s 's3://b/p/'", { source: S3 }],
  ["CREATE STAGE s 's3://b/p/' CONNECTION = ()", { source: { ...S3, connection: {} } }],
  ["CREATE STAGE s 's3://b/p/' CONNECTION = (),", { source: { ...S3, connection: {} } }],
  [
    "CREATE STAGE s 's3://b/p/' CONNECTION=(A='1',b='2')",
    { source: { ...S3, connection: { a: '1', b: '2' } } },
  ],
  [
    "CREATE STAGE s 's3://b/p/' CONNECTION=(a='1' b='2')",
    { source: { ...S3, connection: { a: '1', b: '2' } } },
  ],
  [
    "CREATE STAGE s 's3://b/p/' CONNECTION=(a='1', b='2' c='3',)",
    { source: { ...S3, connection: { a: '1', b: '2', c: '3' } } },
  ],
  [
    "CREATE STAGE s 's3://b/p/' CONNECTION=(enable_virtual_host_style=TRUE region='r')",
    { source: { ...S3, connection: { enable_virtual_host_style: 'true', region: 'r' } } },
  ],
  [
    "CREATE STAGE s 's3://b/p/' CONNECTION=(enable_virtual_host_style = 'false')",
    { source: { ...S3, connection: { enable_virtual_host_style: 'false' } } },
  ],
  ["CREATE STAGE s 's3://b/p/' CONNECTION=(a='1', A='2')", { source: { ...S3, connection: { a: '2' } } }],
  ['CREATE STAGE s FILE_FORMAT = (TYPE = CSV)', { fileFormat: { type: 'CSV' } }],
  ['CREATE STAGE s FILE_FORMAT = ()', { fileFormat: {} }],
  [
    "CREATE STAGE s FILE_FORMAT = (type='csv', Skip_Header = 1 field_delimiter=',' output_header=true quote=none,)",
    { fileFormat: { type: 'csv', skip_header: 1, field_delimiter: ',', output_header: true, quote: 'none' } },
  ],
  ["CREATE STAGE s FILE_FORMAT = (null_if = ('a', ''))", { fileFormat: { null_if: ['a', ''] } }],
  ['CREATE STAGE s FILE_FORMAT = (null_if = ())', { fileFormat: { null_if: [] } }],
  ["CREATE STAGE s COMMENT = 'it''s'", { comment: "it's" }],
  [String.raw`CREATE STAGE s COMMENTS = 'a\'b\n\u0041\x41\101\d''e'`, { comment: "a'b\nAAA\\d'e" }],
  [
    "CREATE OR REPLACE STAGE s URL='s3://b/p/' CONNECTION=(a='1'), FILE_FORMAT=(TYPE=CSV) COMMENT='c';",
    {
      orReplace: true,
      source: { ...S3, connection: { a: '1' } },
      fileFormat: { type: 'CSV' },
      comment: 'c',
    },
  ],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...CREATED, ...expected });
});

const ALTERED = { kind: 'alter-stage', name: 's', ifExists: false };

it.each<[string, Record<string, unknown>]>([
  ['ALTER STAGE s SET', { action: { kind: 'set' } }],
  ["ALTER STAGE IF EXISTS s SET COMMENT = 'x'", { ifExists: true, action: { kind: 'set', comment: 'x' } }],
  ["alter stage ~ set comments='x'", { name: '~', action: { kind: 'set', comment: 'x' } }],
  [
    "ALTER STAGE s SET FILE_FORMAT=(type=csv), COMMENT='x' URL='s3://b/p/' CONNECTION=(a='1'),",
    {
      action: {
        kind: 'set',
        source: { ...S3, connection: { a: '1' } },
        fileFormat: { type: 'csv' },
        comment: 'x',
      },
    },
  ],
  ["ALTER STAGE s SET 's3://b/p/'", { action: { kind: 'set', source: S3 } }],
  ["ALTER STAGE s SET COMMENT='x' COMMENT='y'", { action: { kind: 'set', comment: 'y' } }],
  [
    "ALTER STAGE s SET CONNECTION=(A='1' b='2'), COMMENT='x'",
    { action: { kind: 'set', connection: { a: '1', b: '2' }, comment: 'x' } },
  ],
  [
    "ALTER STAGE s SET CONNECTION=(connection_ref='c')",
    { action: { kind: 'set', connection: { connection_ref: 'c' } } },
  ],
  ['ALTER STAGE s UNSET COMMENT', { action: { kind: 'unset', options: ['comment'] } }],
  [
    'ALTER STAGE s UNSET FILE_FORMAT, COMMENTS;',
    { action: { kind: 'unset', options: ['file_format', 'comment'] } },
  ],
  ['ALTER STAGE s UNSET COMMENT COMMENTS,', { action: { kind: 'unset', options: ['comment'] } }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...ALTERED, ...expected });
});

it.each<[string, Record<string, unknown>]>([
  ['DROP STAGE s', { kind: 'drop-stage', name: 's', ifExists: false }],
  ['drop stage if exists ~;', { kind: 'drop-stage', name: '~', ifExists: true }],
  ['DROP STAGE @s', { kind: 'drop-stage', name: 's', ifExists: false }],
  ['DESC STAGE s', { kind: 'describe-stage', name: 's' }],
  ['DESCRIBE STAGE S', { kind: 'describe-stage', name: 'S' }],
  ['desc stage "a""b"', { kind: 'describe-stage', name: 'a"b' }],
  ['desc stage `a-b`', { kind: 'describe-stage', name: 'a-b' }],
  ['DESC STAGE ~', { kind: 'describe-stage', name: '~' }],
  ['SHOW STAGES', { kind: 'show-stages' }],
  ["show stages like 'a%';", { kind: 'show-stages', like: 'a%' }],
  ['SHOW STAGES LIMIT 5', { kind: 'show-stages', limit: 5 }],
  ["SHOW STAGES LIKE 'a' LIMIT 1", { kind: 'show-stages', like: 'a', limit: 1 }],
  [
    "SHOW STAGES WHERE Name = 'x' AND comment <> '' LIMIT 2",
    { kind: 'show-stages', where: '((name = "x") and (comment <> ""))', limit: 2 },
  ],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual(expected);
});
