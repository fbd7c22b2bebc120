import { likeMatcher } from '../../common/sql-like.js';
import { QueryError } from '../query-error.js';
import { aggregatedRows } from '../rows/aggregated-page.js';
import { compileSelection } from '../rows/selection.js';
import { requestOf } from '../rows/selection-request.js';
import type { Column } from '../rows/table.js';
import { canonicalTimezone } from '../rows/timestamp.js';
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

/** Records the client's database. Accepts any name: this service has no databases. */
export const use: Of<'use'> = ({ database }) => ({ ...NO_RESULT_SET, session: { database } });

/** @throws QueryError of kind `InvalidTimezone`. Otherwise the answer would show it and have times of another timezone. */
export const set: Of<'set'> = ({ settings }) => {
  assertTimezone(settings);
  return { ...NO_RESULT_SET, session: { settings } };
};

/** @throws QueryError of kind `InvalidTimezone` for settings with one that does not exist. */
export function assertTimezone(settings: ReadonlyMap<string, string>): void {
  const timezone = settings.get('timezone');
  if (timezone === undefined || canonicalTimezone(timezone) !== undefined) return;
  throw new QueryError('InvalidTimezone', `Invalid Timezone: ${timezone.slice(0, 100)}`);
}

export const unset: Of<'unset'> = ({ names }) => ({ ...NO_RESULT_SET, session: { unset: names } });

/** Accepts transactions without effect, because drivers send them. Every statement is a transaction of its own. */
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

/** Lists the settings that the client has set. Only the timezone has an effect here. */
export const showSettings: Of<'show-settings'> = ({ like }, { settings }) => {
  const matches = like === undefined ? undefined : likeMatcher(like, { ignoreCase: true });
  const selected = [...settings].filter(([name]) => matches?.(name) ?? true).sort();
  const rows = selected.map(([name, value]) => [
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
