import type { ReactElement } from 'react';
import { shortened, type TableData } from './table-data.js';

interface DataTableProps {
  readonly label: string;
  readonly data: TableData;
  /** Shown below the names of the columns. */
  readonly types?: readonly string[];
}

/** Cells are text, whatever they hold. */
export function DataTable({ label, data, types }: DataTableProps): ReactElement {
  const { columns, rows } = shortened(data);
  return (
    <div className="table-frame data" tabIndex={0} role="region" aria-label={label}>
      <table>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th scope="col" key={`${String(index)} ${column}`}>
                {column}
                {types !== undefined && <small>{types[index]}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, number) => (
            <tr key={number}>
              {columns.map((_column, index) => (
                <td key={index}>{row[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
