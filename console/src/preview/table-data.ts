/** Rows to show, all cells as text. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const MOST_ROWS = 100;
const MOST_COLUMNS = 100;
const MOST_CHARACTERS = 200;

/** Cuts what is too much to show. */
export function shortened({ columns, rows }: TableData): TableData {
  return {
    columns: columns.slice(0, MOST_COLUMNS).map(shortText),
    rows: rows.slice(0, MOST_ROWS).map((row) => row.slice(0, MOST_COLUMNS).map(shortText)),
  };
}

function shortText(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
