import { likeMatcher } from '../../common/sql-like.js';
import { QueryError } from '../query-error.js';
import { aggregatedRows } from '../rows/aggregated-page.js';
import { compileSelection } from '../rows/selection.js';
import { requestOf } from '../rows/selection-request.js';
import type { Column } from '../rows/table.js';
import { knownTimezone } from '../rows/timestamp.js';
import { NO_ROWS, writtenRows } from '../rows/written-rows.js';
import type { SelectValues, Statement } from '../sql/ast.js';
import { NO_RESULT_SET, type StatementHandler } from './statement-handler.js';

type Of<Kind extends Statement['kind']> = StatementHandler<Extract<Statement, { kind: Kind }>>;

/** `SELECT 1`, `SELECT version()` */
export const selectValues: StatementHandler<SelectValues> = ({ items }, context) => {
  const selection = compileSelection(requestOf(items), { ...context, columns: [] });
  const { columns, grouping, project } = selection;
  const rows = grouping === undefined ? [project([])] : aggregatedRows({ ...selection, grouping }, [[]]);
  return { columns, rows: writtenRows(rows) };
};

/** There are no databases here; which one a client believes to be in is its own affair. */
export const use: Of<'use'> = ({ database }) => ({ ...NO_RESULT_SET, session: { database } });

/** @throws QueryError of kind `InvalidTimezone`: it would be echoed, and times be written in another one. */
export const set: Of<'set'> = ({ settings }) => {
  const timezone = settings.get('timezone');
  if (timezone !== undefined && knownTimezone(timezone) === undefined) {
    throw new QueryError('InvalidTimezone', `Invalid Timezone: ${timezone.slice(0, 100)}`);
  }
  return { ...NO_RESULT_SET, session: { settings } };
};

export const unset: Of<'unset'> = ({ names }) => ({ ...NO_RESULT_SET, session: { unset: names } });

/** Every statement is a transaction of its own, and no longer one is promised: drivers only want to hear yes. */
export const transaction: Of<'transaction'> = () => NO_RESULT_SET;

const SETTING_COLUMNS: readonly Column[] = [
  'name',
  'value',
  'default',
  'range',
  'level',
  'description',
  'type',
].map((name) => ({ name, type: 'String' }));

/** The settings that the client itself has set. But for the timezone none of them means anything to a stage. */
export const showSettings: Of<'show-settings'> = ({ like }, { settings }) => {
  const matches = like === undefined ? undefined : likeMatcher(like, { ignoreCase: true });
  const chosen = [...settings].filter(([name]) => matches?.(name) ?? true).sort();
  const rows = chosen.map(([name, value]) => [
    name,
    value,
    '',
    '',
    'SESSION',
    'kept for the client',
    'String',
  ]);
  return { columns: SETTING_COLUMNS, rows: writtenRows(rows) };
};

export const showNothing: Of<'show-nothing'> = ({ columns }) => ({
  columns: columns.map((name) => ({ name, type: 'String' })),
  rows: NO_ROWS,
});
