import type { ReactElement } from 'react';
import { Notice } from '../ui/notice.js';
import type { StatementResult } from '../lib/run-statement.js';

interface ResultTableProps {
  readonly result: StatementResult;
  readonly onMore: (result: StatementResult) => void;
}

export function ResultTable({ result, onMore }: ResultTableProps): ReactElement {
  const { columns, rows, next } = result;
  if (columns.length === 0) return <Notice>Done.</Notice>;
  return (
    <>
      <p role="status">
        {rows.length.toLocaleString('en')} {rows.length === 1 ? 'row' : 'rows'}
        {next === null ? '' : ' so far'}
      </p>
      <div className="table-frame data" tabIndex={0} role="region" aria-label="Result">
        <table>
          <caption className="visually-hidden">Result</caption>
          <ColumnNames columns={columns} />
          <tbody>
            {rows.map((row, number) => (
              <tr key={number}>
                {row.map((cell, index) => (
                  <td key={index}>{cell ?? <small>NULL</small>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {next !== null && (
        <p className="actions">
          <button
            type="button"
            onClick={() => {
              onMore(result);
            }}
          >
            Load more rows
          </button>
        </p>
      )}
    </>
  );
}

function ColumnNames({ columns }: Pick<StatementResult, 'columns'>): ReactElement {
  return (
    <thead>
      <tr>
        {columns.map(({ name, type }) => (
          <th scope="col" key={name}>
            {name}
            <small>{type}</small>
          </th>
        ))}
      </tr>
    </thead>
  );
}
