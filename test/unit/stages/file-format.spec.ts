import {
  DEFAULT_FILE_FORMAT,
  fileFormatFrom,
  storedFileFormat,
  type FileFormat,
  type FileFormatOptions,
} from '../../../src/stages/file-formats/file-format.js';
import { ofKind } from '../of-kind.js';

type Options = FileFormatOptions extends ReadonlyMap<string, infer Value> ? Record<string, Value> : never;

function read(options: Options): FileFormat {
  return fileFormatFrom(new Map(Object.entries(options)));
}

describe('a file format', () => {
  it.each<[Options, string]>([
    [
      { type: 'csv', field_delimiter: '|' },
      String.raw`{"allow_quoted_nulls":false,"binary_format":"Hex","compression":"None","empty_field_as":"Null","encoding":"UTF-8","encoding_error_mode":"strict","error_on_column_count_mismatch":true,"escape":"","field_delimiter":"|","geometry_format":"EWKT","headers":0,"nan_display":"NaN","null_display":"\\N","output_header":false,"quote":"\"","quote_style":"quote_not_null","quoted_empty_field_as":"String","record_delimiter":"\n","trim_space":false,"type":"Csv"}`,
    ],
    [
      { type: 'TSV' },
      String.raw`{"compression":"None","empty_field_as":"FieldDefault","encoding":"UTF-8","encoding_error_mode":"strict","error_on_column_count_mismatch":true,"escape":"\\","field_delimiter":"\t","headers":0,"nan_display":"NaN","null_display":"\\N","output_header":false,"quote":"\"","record_delimiter":"\n","trim_space":false,"type":"Text"}`,
    ],
    [
      { type: 'NDJSON' },
      '{"compression":"None","missing_field_as":"Error","null_field_as":"Null","null_if":[],"type":"NdJson"}',
    ],
    [{ type: 'JSON' }, '{"compression":"None","type":"Json"}'],
    [
      { type: 'Parquet' },
      '{"compression":"Zstd","missing_field_as":"Error","null_if":[],"type":"Parquet","use_logic_type":true}',
    ],
    [{ type: 'XML' }, '{"compression":"None","row_tag":"row","type":"Xml"}'],
    [{ type: 'ORC' }, '{"missing_field_as":"Error","type":"Orc"}'],
    [
      { type: 'AVRO' },
      '{"compression":"None","missing_field_as":"Error","null_if":[],"type":"Avro","use_logic_type":true}',
    ],
  ])('%j is shown as Databend shows it, its defaults filled in and in order', (options, shown) => {
    expect(JSON.stringify(read(options))).toBe(shown);
  });

  it('is Parquet where none is given', () => {
    expect(DEFAULT_FILE_FORMAT).toEqual(read({ type: 'PARQUET' }));
  });

  it.each<[Options, string]>([
    [{ FORMAT: 'csv' }, 'Csv'],
    [{ Format_Name: 'csv' }, 'Csv'],
    [{ TYPE: 'TabSeparated' }, 'Text'],
    [{ type: 'text' }, 'Text'],
    [{ type: 'JSONEachRow' }, 'NdJson'],
  ])('%j is of type %s', (options, type) => {
    expect(read(options)['type']).toBe(type);
  });

  it('that was stored as Tsv is Text today, and every other one what it was', () => {
    const text = read({ type: 'TEXT', field_delimiter: ';' });
    expect(storedFileFormat(JSON.stringify({ ...text, type: 'Tsv' }))).toEqual(text);
    expect(storedFileFormat(JSON.stringify(DEFAULT_FILE_FORMAT))).toEqual(DEFAULT_FILE_FORMAT);
  });

  it.each<[string, Options, string, unknown]>([
    ['csv', { skip_header: 2 }, 'headers', 2],
    ['csv', { SKIP_HEADER: '1' }, 'headers', 1],
    ['csv', { output_header: true }, 'output_header', true],
    ['csv', { output_header: 'TRUE' }, 'output_header', true],
    ['csv', { compression: 'gzip' }, 'compression', 'Gzip'],
    ['csv', { compression: 'RAW_DEFLATE' }, 'compression', 'RawDeflate'],
    ['csv', { record_delimiter: '\r\n' }, 'record_delimiter', '\r\n'],
    ['csv', { field_delimiter: '||' }, 'field_delimiter', '||'],
    ['csv', { quote: "'" }, 'quote', "'"],
    ['csv', { escape: '\\' }, 'escape', '\\'],
    ['csv', { empty_field_as: 'field_default' }, 'empty_field_as', 'FieldDefault'],
    ['csv', { binary_format: 'base64' }, 'binary_format', 'Base64'],
    ['csv', { geometry_format: 'wkb' }, 'geometry_format', 'WKB'],
    ['csv', { encoding: 'gbk' }, 'encoding', 'gbk'],
    ['tsv', { field_delimiter: '' }, 'field_delimiter', ''],
    ['ndjson', { null_if: ['', 'NULL'] }, 'null_if', ['', 'NULL']],
    ['ndjson', { null_field_as: 'FIELD_DEFAULT' }, 'null_field_as', 'FieldDefault'],
    ['parquet', { missing_field_as: 'field_default' }, 'missing_field_as', 'FieldDefault'],
    ['parquet', { use_logic_type: false }, 'use_logic_type', false],
    ['xml', { row_tag: 'tr' }, 'row_tag', 'tr'],
  ])('%s with %j has %s = %j', (type, options, name, value) => {
    expect(read({ type, ...options })[name]).toEqual(value);
  });
});

describe('no file format', () => {
  it.each<[Options, string, string]>([
    [{}, 'IllegalFileFormat', 'must include at least one of the TYPE or NAME option'],
    [{ skip_header: 1 }, 'IllegalFileFormat', 'must include at least one'],
    [{ type: 'CSV', format: 'CSV' }, 'IllegalFileFormat', 'TYPE and FORMAT are given together'],
    [{ type: 'docx' }, 'IllegalFileFormat', "Unknown file format type 'docx', must be one of ( CSV | TEXT"],
    [{ type: ['CSV', 'TSV'] }, 'IllegalFileFormat', "type 'CSV,TSV'"],
    [{ format_name: 'mine' }, 'UnknownFileFormat', "File format 'mine' does not exist"],
    [{ type: 'CSV', skip_heder: 1 }, 'IllegalFileFormat', "Unsupported options for Csv: 'skip_heder'"],
    [{ type: 'JSON', quote: '"' }, 'IllegalFileFormat', "Unsupported options for Json: 'quote'"],
    [{ type: 'CSV', constructor: 'x' }, 'IllegalFileFormat', "'constructor'"],
  ])('is %j', (options, kind, message) => {
    const reading = (): unknown => read(options);
    expect(reading).toThrow(ofKind(kind));
    expect(reading).toThrow(message);
  });

  it.each<[string, Options]>([
    ['csv', { skip_header: -1 }],
    ['csv', { skip_header: 1.5 }],
    ['csv', { skip_header: 'one' }],
    ['csv', { output_header: 'yes' }],
    ['csv', { compression: 'rar' }],
    ['csv', { field_delimiter: '' }],
    ['csv', { field_delimiter: 'a' }],
    ['csv', { field_delimiter: '|'.repeat(21) }],
    ['csv', { field_delimiter: ['|'] }],
    ['csv', { record_delimiter: '\n\n' }],
    ['csv', { quote: 'x' }],
    ['csv', { escape: 'x' }],
    ['csv', { nan_display: 'none' }],
    ['csv', { empty_field_as: 'error' }],
    ['csv', { binary_format: 'octal' }],
    ['csv', { encoding: 'klingon' }],
    ['csv', { quote_style: 'constructor' }],
    ['text', { field_delimiter: 'ä' }],
    ['ndjson', { null_field_as: 'error' }],
    ['ndjson', { null_if: 'NULL' }],
    ['avro', { missing_field_as: 'null' }],
    ['xml', { row_tag: '' }],
  ])('of type %s has %j', (type, options) => {
    const reading = (): unknown => read({ type, ...options });
    const [name = ''] = Object.keys(options);
    expect(reading).toThrow(ofKind('InvalidFileFormatValue'));
    expect(reading).toThrow(
      `Invalid ${type.toUpperCase()} option value: ${name.toUpperCase()} is currently set`,
    );
    expect(reading).toThrow(/\. (The valid values are|Expecting|Unsupported) .+\.$/);
  });
});

it('the message about a long value, or a long name, does not repeat all of it', () => {
  for (const options of [
    { type: 'x'.repeat(100_000) },
    { type: 'csv', quote: 'x'.repeat(100_000) },
    { type: 'csv', ['x'.repeat(100_000)]: 1 },
  ]) {
    expect(() => read(options)).toThrow(/^.{50,600}$/);
  }
});
