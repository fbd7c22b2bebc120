import type { ReactElement } from 'react';
import { SelectField } from '../ui/fields.js';

/** As Databend names them. */
const FORMATS = ['parquet', 'csv', 'text', 'ndjson', 'json', 'orc', 'avro', 'xml'];

interface FormatFieldProps {
  readonly value: string;
  readonly onChange: (format: string) => void;
}

/** The format that the files of a stage have, for those who load them. */
export function FormatField({ value, onChange }: FormatFieldProps): ReactElement {
  const formats = FORMATS.includes(value) ? FORMATS : [value, ...FORMATS];
  return (
    <SelectField
      label="Format of its files"
      value={value}
      choices={formats.map((format) => ({ value: format, text: format }))}
      hint="For programs that load them. Another one begins with its usual options."
      onChange={onChange}
    />
  );
}
