import {
  flag,
  oneOf,
  skippedHeader,
  text,
  texts,
  word,
  type FileFormatOption,
} from './file-format-option.js';

export type FormatType = 'Csv' | 'Text' | 'NdJson' | 'Json' | 'Parquet' | 'Xml' | 'Orc' | 'Avro';

/** Type names in upper case, with the name that is shown for each. */
export const TYPE_NAMES: ReadonlyMap<string, FormatType> = new Map([
  ['CSV', 'Csv'],
  ['TEXT', 'Text'],
  ['TSV', 'Text'], // Databend's older name of Text
  ['TABSEPARATED', 'Text'],
  ['NDJSON', 'NdJson'],
  ['JSONEACHROW', 'NdJson'],
  ['JSON', 'Json'],
  ['PARQUET', 'Parquet'],
  ['XML', 'Xml'],
  ['ORC', 'Orc'],
  ['AVRO', 'Avro'],
]);

const COMPRESSIONS = {
  auto: 'Auto',
  gzip: 'Gzip',
  bz2: 'Bz2',
  brotli: 'Brotli',
  zstd: 'Zstd',
  deflate: 'Deflate',
  raw_deflate: 'RawDeflate',
  rawdeflate: 'RawDeflate',
  lzo: 'Lzo',
  snappy: 'Snappy',
  xz: 'Xz',
  zip: 'Zip',
  none: 'None',
};
const MISSING = { error: 'Error', null: 'Null', field_default: 'FieldDefault' };
const NO_FIELD = { error: 'Error', field_default: 'FieldDefault' };
const NULL_FIELD = { null: 'Null', field_default: 'FieldDefault' };
const EMPTY_FIELD = { null: 'Null', string: 'String', field_default: 'FieldDefault' };
const GEOMETRY = { wkb: 'WKB', wkt: 'WKT', ewkb: 'EWKB', ewkt: 'EWKT', geojson: 'GEOJSON' };

const compression = (fallback = 'None'): FileFormatOption => word('compression', fallback, COMPRESSIONS);

/** Returns the options that both formats of delimited text share. */
function delimited(fieldDelimiter: FileFormatOption, escape: string): FileFormatOption[] {
  return [
    compression(),
    fieldDelimiter,
    text('record_delimiter', '\n', {
      isValid: (value) => isPunctuationByte(value) || value === '\r\n',
      expectation: String.raw`Expecting a single one-byte, non-alphanumeric character or '\r\n'.`,
    }),
    oneOf('escape', escape, ['\\', '']),
    oneOf('quote', '"', ["'", '"', '`']),
    skippedHeader(),
    flag('output_header', false),
    flag('error_on_column_count_mismatch', true),
    flag('trim_space', false),
    oneOf('nan_display', 'NaN', ['nan', 'NaN', 'null', 'NULL']),
    text('null_display', '\\N', { isValid: () => true, expectation: 'Expecting a string.' }),
    text('encoding', 'UTF-8', { isValid: isEncoding, expectation: 'Unsupported encoding label.' }),
    word('encoding_error_mode', 'strict', { strict: 'strict', replace: 'replace' }),
  ];
}

const CSV_DELIMITER = text('field_delimiter', ',', {
  isValid: (value) => value !== '' && !/^[a-z0-9]$/i.test(value) && Buffer.byteLength(value) <= 20,
  expectation: 'Expecting a non-alphanumeric character, or at most 20 bytes.',
});
const TEXT_DELIMITER = text('field_delimiter', '\t', {
  isValid: (value) => value === '' || isPunctuationByte(value),
  expectation: 'Expecting a single one-byte, non-alphanumeric character.',
});

/** Options and defaults of Databend's FileFormatParams. */
export const OPTIONS_BY_TYPE: Readonly<Record<FormatType, readonly FileFormatOption[]>> = {
  Csv: [
    ...delimited(CSV_DELIMITER, ''),
    word('quote_style', 'quote_not_null', {
      quote_not_null: 'quote_not_null',
      quote_minimal: 'quote_minimal',
    }),
    flag('allow_quoted_nulls', false),
    word('empty_field_as', 'Null', EMPTY_FIELD),
    word('quoted_empty_field_as', 'String', EMPTY_FIELD),
    word('binary_format', 'Hex', { hex: 'Hex', base64: 'Base64' }),
    word('geometry_format', 'EWKT', GEOMETRY),
  ],
  Text: [...delimited(TEXT_DELIMITER, '\\'), word('empty_field_as', 'FieldDefault', EMPTY_FIELD)],
  NdJson: [
    compression(),
    word('missing_field_as', 'Error', MISSING),
    word('null_field_as', 'Null', NULL_FIELD),
    texts('null_if'),
  ],
  Json: [compression()],
  Parquet: [
    compression('Zstd'),
    word('missing_field_as', 'Error', MISSING),
    texts('null_if'),
    flag('use_logic_type', true),
  ],
  Xml: [
    compression(),
    text('row_tag', 'row', {
      isValid: (value) => value !== '' && Buffer.byteLength(value) <= 1024,
      expectation: 'Expecting a non-empty string of at most 1024 bytes.',
    }),
  ],
  Orc: [word('missing_field_as', 'Error', MISSING)],
  Avro: [
    compression(),
    word('missing_field_as', 'Error', NO_FIELD),
    texts('null_if'),
    flag('use_logic_type', true),
  ],
};

function isPunctuationByte(value: string): boolean {
  return Buffer.byteLength(value) === 1 && !/[a-z0-9]/i.test(value);
}

/** Checks for a label of the Encoding Standard. */
function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
