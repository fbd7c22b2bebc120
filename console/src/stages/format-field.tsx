import { useId, type ReactElement } from 'react';

/** As Databend names them. */
const FORMATS = ['parquet', 'csv', 'text', 'ndjson', 'json', 'orc', 'avro', 'xml'] as const;

interface FormatFieldProps {
  readonly value: string;
  readonly onChange: (format: string) => void;
}

/** The format that the files of a stage have, for those who load them. */
export function FormatField({ value, onChange }: FormatFieldProps): ReactElement {
  const id = useId();
  const formats = FORMATS.some((format) => format === value) ? FORMATS : [value, ...FORMATS];
  return (
    <p className="field">
      <label htmlFor={id}>Format of its files</label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {formats.map((format) => (
          <option key={format} value={format}>
            {format}
          </option>
        ))}
      </select>
      <span className="hint" id={`${id}-hint`}>
        For programs that load them. Another one begins with its usual options.
      </span>
    </p>
  );
}
