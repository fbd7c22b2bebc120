import { parquetMetadataAsync, parquetReadObjects, parquetSchema, type AsyncBuffer } from 'hyparquet';
import { COMPRESSORS } from './parquet-compressors.js';
import { readRange, type FileAt } from './read-range.js';
import { MOST_ROWS, type TableData } from './table-data.js';
import { PreviewError } from './text-content.js';

export interface ParquetContent extends TableData {
  readonly rowCount: number;
  /** Type of each column, as in `INT64`. */
  readonly types: readonly string[];
}

/** The schema and the first rows, by ranges: only the footer and the first pages are read. */
export async function parquetContent(at: FileAt, size: number): Promise<ParquetContent> {
  const file: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => readRange(at, start < 0 ? size + start : start, Math.min(end, size)),
  };
  try {
    return await readParquet(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PreviewError(`This is no Parquet file that can be read: ${reason}`);
  }
}

async function readParquet(file: AsyncBuffer): Promise<ParquetContent> {
  const metadata = await parquetMetadataAsync(file);
  const fields = parquetSchema(metadata).children.map(({ element }) => element);
  const columns = fields.map(({ name }) => name);
  const rowEnd = Math.min(MOST_ROWS, Number(metadata.num_rows));
  const objects = await parquetReadObjects({ file, metadata, rowEnd, compressors: COMPRESSORS });
  return {
    rowCount: Number(metadata.num_rows),
    columns,
    types: fields.map(({ logical_type: logical, type }) => logical?.type ?? type ?? 'group'),
    rows: objects.map((row) => columns.map((column) => textOf(row[column]))),
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') {
    return JSON.stringify(value, (_key, field: unknown) =>
      typeof field === 'bigint' ? field.toString() : field,
    );
  }
  return typeof value === 'string' ? value : (value as number | bigint | boolean).toString(); // what else a cell can be
}
