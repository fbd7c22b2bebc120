import type { Statement } from './ast.js';
import { acceptPolicyStatement } from './people/policy-statements.js';
import { acceptShowPeople } from './people/show-people.js';
import { expectPattern, parseFilter } from './show-filter.js';
import { acceptTagStatement } from './tag-statements.js';
import type { TokenStream } from './lexer/token-stream.js';

/** Objects that this service does not have. SHOW gives no rows, with Databend's columns. */
const EMPTY_OBJECTS: ReadonlyMap<string, string> = new Map([
  ['CATALOGS', 'catalogs'],
  ['DATABASES', 'databases_in_default'],
  ['ENGINES', 'Engine Comment'],
  ['FILE', 'name format_options'],
  ['FUNCTIONS', 'name is_aggregate description'],
  ['INDEXES', 'name type original definition created_on updated_on'],
  ['LOCKS', 'table_id revision type status user node query_id created_on acquired_on extra_info'],
  ['METRICS', 'metric kind labels value'],
  [
    'PROCESSLIST',
    `node id type host user command database extra_info memory_usage data_read_bytes data_write_bytes
    scan_progress_read_rows scan_progress_read_bytes mysql_connection_id time status`,
  ],
  ['SCHEMAS', 'databases_in_default'],
  ['STREAMS', 'Streams_in_default'],
  ['TABLES', 'Tables_in_default'],
  ['TABLE_FUNCTIONS', 'name'],
  ['USER', 'name is_aggregate description arguments language created_on'],
  ['VARIABLES', 'name value type'],
  ['VIEWS', 'Views_in_default view_query'],
]);
const EMPTY_FULL_OBJECTS: ReadonlyMap<string, string> = new Map([
  ['DATABASES', 'catalog owner databases_in_default'],
  ['SCHEMAS', 'catalog owner databases_in_default'],
  [
    'TABLES',
    `tables table_type database catalog owner engine cluster_by create_time num_rows data_size data_compressed_size
    index_size`,
  ],
  ['VIEWS', 'views database catalog owner engine create_time view_query'],
]);
const SECOND_WORDS: ReadonlyMap<string, string> = new Map([
  ['FILE', 'FORMATS'],
  ['USER', 'FUNCTIONS'],
]);
/** Objects of a single table or of the warehouse, which SHOW refuses. */
const UNSUPPORTED_OBJECTS =
  `COLUMNS FIELDS CREATE DROP TABLE STATISTICS TASKS PIPES VIRTUAL DICTIONARIES SEQUENCES PROCEDURES MASKING NOTIFICATION
  WAREHOUSES WORKERS WORKLOAD ONLINE`.split(/\s+/);

/** Parses what follows `SHOW`. */
export function parseShow(tokens: TokenStream): Statement {
  const isFull = tokens.acceptWord('FULL') !== undefined;
  if (!isFull) {
    if (tokens.acceptWord('STAGES') !== undefined) return parseShowStages(tokens);
    if (tokens.acceptWord('CONNECTIONS') !== undefined) return { kind: 'show-connections' };
    if (tokens.acceptWord('SETTINGS') !== undefined) return parseShowSettings(tokens);
    const other =
      acceptShowPeople(tokens) ?? acceptPolicyStatement(tokens, 'SHOW') ?? acceptTagStatement(tokens, 'SHOW');
    if (other !== undefined) return other;
  }
  const object =
    tokens.acceptWord(...(isFull ? EMPTY_FULL_OBJECTS : EMPTY_OBJECTS).keys(), ...UNSUPPORTED_OBJECTS) ??
    tokens.fail();
  const columns = (isFull ? EMPTY_FULL_OBJECTS : EMPTY_OBJECTS).get(object);
  if (columns === undefined) return skipUnsupported(tokens, object);
  const second = SECOND_WORDS.get(object);
  if (second !== undefined) tokens.expectWord(second);
  const database = acceptDatabase(tokens);
  parseFilter(tokens);
  return { kind: 'show-nothing', columns: namesOf(columns, database) };
}

function namesOf(columns: string, database: string): readonly string[] {
  return columns.split(/\s+/).map((name) => name.replace(/_in_default$/, `_in_${database}`));
}

/** Skips an unsupported SHOW. Names it by two words if one says too little: `SHOW CREATE TABLE`. */
function skipUnsupported(tokens: TokenStream, object: string): Statement {
  const next = tokens.word() ?? '';
  const isObject = /^[A-Z]{4,12}$/.test(next) && !['FROM', 'LIKE', 'WHERE', 'LIMIT'].includes(next);
  tokens.skipRest();
  return { kind: 'unsupported', what: isObject ? `SHOW ${object} ${next}` : `SHOW ${object}` };
}

/** Accepts `[HISTORY] [FROM database]`. The database is part of a column's name. */
function acceptDatabase(tokens: TokenStream): string {
  tokens.acceptWord('HISTORY');
  if (tokens.acceptWord('FROM', 'IN') === undefined) return 'default';
  let database = tokens.expectName('the name of a database');
  while (tokens.acceptSymbol('.')) database = tokens.expectName('the name of a database');
  return database;
}

function parseShowStages(tokens: TokenStream): Statement {
  return { kind: 'show-stages', ...parseFilter(tokens) };
}

function parseShowSettings(tokens: TokenStream): Statement {
  const like = tokens.acceptWord('LIKE') === undefined ? undefined : expectPattern(tokens);
  const clause = tokens.acceptWord('WHERE', 'LIMIT');
  if (clause === undefined) return { kind: 'show-settings', like };
  tokens.skipRest();
  return { kind: 'unsupported', what: `SHOW SETTINGS with ${clause}` };
}
