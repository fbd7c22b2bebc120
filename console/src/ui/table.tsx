import type { ReactElement, ReactNode } from 'react';

interface TableProps {
  /** For screen readers. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** Does each row end with buttons? */
  readonly hasActions?: boolean;
  /** Rows of the body. */
  readonly children: ReactNode;
}

export function Table({ caption, columns, hasActions = false, children }: TableProps): ReactElement {
  return (
    <div className="table-frame">
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
            {hasActions && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
