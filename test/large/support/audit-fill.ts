import { sqliteDriver } from '../../../src/database/sqlite/sqlite-driver.js';
import { runOn } from '../../support/test-database.js';

const USERS = 200;
const STAGES = 100;
const DAYS = 100;
const DAY_MS = 86_400_000;
/** Rows of one transaction. */
const CHUNK = 100_000;

/** Which rows to write: their numbers, and when the first of them was. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly stepMs: number;
}

/** Writes so many events of the last hundred days, as a busy server leaves them: uploads and downloads, few denials, fewer changes of stages. */
export async function fillAudit(url: string, rows: number): Promise<void> {
  const startMs = Date.now() - DAYS * DAY_MS;
  const stepMs = (DAYS * DAY_MS) / rows;
  const insert = url.startsWith('sqlite:') ? intoSqlite(url.slice('sqlite:'.length)) : intoPostgres(url);
  for (let from = 0; from < rows; from += CHUNK)
    await insert({ from, to: Math.min(from + CHUNK, rows) - 1, startMs, stepMs });
}

const COLUMNS =
  'id, user_id, user_name, role, address, server, request_id, via, action, stage_name, stage_id, path, bytes, count, outcome, error_kind';

/** @param at the number of the row, as SQL. @param hex the milliseconds of its time, in twelve digits, as SQL. @param pad makes texts of numbers. */
function selection(at: string, hex: string, pad: (number: string, digits: number) => string): string {
  const [user, stage] = [
    `(${at} * 7919) % ${String(USERS)}`,
    `(${at} / ${String(USERS)}) % ${String(STAGES)}`,
  ];
  const denied = `(${at} / 7) % 100 = 1`;
  return `SELECT substr(${hex}, 1, 8) || '-' || substr(${hex}, 9, 4) || '-7000-8abc-' || ${pad(at, 12)},
'00000000-0000-7000-8000-' || ${pad(user, 12)}, 'user_' || (${user}), 'account_admin', '10.0.' || (${at} % 16) || '.7', 'stagedoor-1:4711',
'a2527d13-05bf-4fd4-b530-' || ${pad(at, 12)}, 'rest',
CASE WHEN ${at} % 5000 = 3 THEN 'stage.create' WHEN ${at} % 3 = 0 THEN 'file.put' ELSE 'file.get' END,
'stage_' || (${stage}), '00000000-0000-7000-9000-' || ${pad(stage, 12)},
'2026/12/day-' || (${at} % 31) || '/part-' || ${pad(at, 12)} || '.parquet', ${at} % 1000000, 1,
CASE WHEN ${denied} THEN 'denied' ELSE 'success' END, CASE WHEN ${denied} THEN 'PermissionDenied' END`;
}

function intoSqlite(path: string): (span: Span) => Promise<void> {
  const database = new (sqliteDriver())(path, { timeout: 30_000 });
  database.pragma('synchronous = OFF');
  const milliseconds = 'CAST(:startMs + n * :stepMs AS INTEGER)';
  const rows = selection('n', `printf('%012x', ${milliseconds})`, (number, digits) => {
    return `printf('%0${String(digits)}d', ${number})`;
  });
  const insert = database.prepare(
    `INSERT INTO audit_events (${COLUMNS}) WITH RECURSIVE numbers (n) AS (SELECT CAST(:from AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < :to) ${rows} FROM numbers`,
  );
  return (span) => Promise.resolve(void insert.run(span));
}

function intoPostgres(url: string): (span: Span) => Promise<void> {
  const text = (number: string, digits: number): string => `lpad((${number})::text, ${String(digits)}, '0')`;
  return async ({ from, to, startMs, stepMs }) => {
    const milliseconds = `(${String(startMs)} + n * ${String(stepMs)})::bigint`;
    const rows = selection('n', `lpad(to_hex(${milliseconds}), 12, '0')`, text);
    const numbers = `generate_series(${String(from)}::bigint, ${String(to)}::bigint) AS n`;
    await runOn(url, `INSERT INTO audit_events (${COLUMNS}) ${rows} FROM ${numbers}`);
  };
}
