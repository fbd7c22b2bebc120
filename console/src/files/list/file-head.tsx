import type { ReactElement } from 'react';
import type { SortColumn, SortOrder } from './sorting.js';
import { nextOrder } from './sorting.js';

interface FileHeadProps {
  readonly order: SortOrder | undefined;
  readonly onOrder: (order: SortOrder | undefined) => void;
  readonly isAllChosen: boolean;
  readonly onChooseAll: (isChosen: boolean) => void;
}

const COLUMNS: readonly { readonly column: SortColumn; readonly text: string; readonly name: string }[] = [
  { column: 'name', text: 'Name', name: 'name' },
  { column: 'size', text: 'Size', name: 'size' },
  { column: 'modifiedAt', text: 'Modified', name: 'modified' },
  { column: 'md5', text: 'md5', name: 'md5' },
  { column: 'creator', text: 'By', name: 'by' },
];

/** Heads of the columns. Each is a button that sorts. */
export function FileHead({ order, onOrder, isAllChosen, onChooseAll }: FileHeadProps): ReactElement {
  return (
    <div role="rowgroup" className="file-head">
      <div role="row" aria-rowindex={1} className="file-row">
        <span role="columnheader" className="choose">
          <input
            type="checkbox"
            aria-label="Choose all that are listed"
            checked={isAllChosen}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              event.currentTarget.checked = isAllChosen; // until they are
              onChooseAll(checked);
            }}
          />
        </span>
        {COLUMNS.map(({ column, text, name }) => (
          <span role="columnheader" key={column} className={name} aria-sort={sortOf(order, column)}>
            <button
              type="button"
              className="sort"
              onClick={() => {
                onOrder(nextOrder(order, column));
              }}
            >
              {text}
            </button>
          </span>
        ))}
      </div>
    </div>
  );
}

function sortOf(order: SortOrder | undefined, column: SortColumn): 'ascending' | 'descending' | 'none' {
  if (order === undefined) return column === 'name' ? 'ascending' : 'none';
  if (order.column !== column) return 'none';
  return order.isDescending ? 'descending' : 'ascending';
}
