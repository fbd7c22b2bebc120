import { OPTIONS_BY_TYPE, TYPE_NAMES, type FormatType } from './file-format-types.js';
import type { FileFormatOption, FileFormatValue } from './file-format-option.js';
import { StageError } from '../stage-error.js';

/** Options of a FILE_FORMAT clause as the user wrote them. */
export type FileFormatOptions = ReadonlyMap<string, FileFormatValue>;

/** Format of a stage's files, for the loader that reads them, in Databend's form: ordered by name. */
export type FileFormat = Readonly<Record<string, FileFormatValue>>;

/** Maximum length of a value in a message. */
const SHOWN_CHARACTERS = 100;

/**
 * Parses a FILE_FORMAT clause: normalises values and fills in defaults, as Databend does.
 *
 * @param options case-insensitive names.
 * @throws StageError of kind `IllegalFileFormat`, `InvalidFileFormatValue` or `UnknownFileFormat`.
 */
export function fileFormatFrom(options: FileFormatOptions): FileFormat {
  const remaining = new Map([...options].map(([name, value]) => [name.toLowerCase(), value]));
  const type = takeType(remaining);
  const format: [string, FileFormatValue][] = [['type', type]];
  for (const option of OPTIONS_BY_TYPE[type])
    format.push([option.shownAs, takeOption(remaining, option, type)]);
  if (remaining.size > 0) {
    throw new StageError(
      'IllegalFileFormat',
      `Unsupported options for ${type}: ${[...remaining.keys()].map(quoted).join(', ')}. ` +
        `It has ${OPTIONS_BY_TYPE[type].map((option) => option.name).join(', ')}.`,
    );
  }
  return Object.fromEntries(format.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Databend's default if no FILE_FORMAT is given. */
export const DEFAULT_FILE_FORMAT: FileFormat = fileFormatFrom(new Map([['type', 'PARQUET']]));

/** Parses a stored format. Earlier versions stored Text as Tsv, Databend's older name. */
export function storedFileFormat(json: string): FileFormat {
  const format = JSON.parse(json) as FileFormat; // the output of `fileFormatFrom`
  return format['type'] === 'Tsv' ? { ...format, type: 'Text' } : format;
}

function takeType(remaining: Map<string, FileFormatValue>): FormatType {
  const named = ['type', 'format', 'format_name'].filter((name) => remaining.has(name));
  const [name] = named;
  if (name === undefined) {
    throw new StageError(
      'IllegalFileFormat',
      'Invalid FILE_FORMAT options: FILE_FORMAT must include at least one of the TYPE or NAME option. ' +
        'Currently, neither is specified.',
    );
  }
  if (named.length > 1) {
    throw new StageError(
      'IllegalFileFormat',
      `Invalid FILE_FORMAT options: ${named.map((each) => each.toUpperCase()).join(' and ')} are given together. Use TYPE alone.`,
    );
  }
  const text = String(remaining.get(name));
  remaining.delete(name);
  return TYPE_NAMES.get(text.toUpperCase()) ?? throwUnknownType(text, name);
}

function throwUnknownType(text: string, name: string): never {
  if (name === 'format_name') {
    throw new StageError(
      'UnknownFileFormat',
      `File format ${quoted(text)} does not exist: there are no named formats here, write its TYPE and options out.`,
    );
  }
  throw new StageError(
    'IllegalFileFormat',
    `Unknown file format type ${quoted(text)}, must be one of ( CSV | TEXT | NDJSON | PARQUET | ORC | AVRO | JSON )`,
  );
}

function takeOption(
  remaining: Map<string, FileFormatValue>,
  option: FileFormatOption,
  type: FormatType,
): FileFormatValue {
  const input = remaining.get(option.name);
  if (input === undefined) return option.fallback;
  remaining.delete(option.name);
  const value = option.parse(input);
  if (value !== undefined) return value;
  throw new StageError(
    'InvalidFileFormatValue',
    `Invalid ${type.toUpperCase()} option value: ${option.name.toUpperCase()} is currently set to ` +
      `${quoted(String(input))}. ${option.expectation}`,
  );
}

function quoted(text: string): string {
  return `'${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}'`;
}
