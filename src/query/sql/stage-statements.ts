import type { AlterStage, AlterStageSet, CreateStage, StageOption, Statement } from './ast.js';
import { acceptComment, acceptConnection, acceptFileFormat, acceptSource } from './stage-clauses.js';
import { acceptTags } from './tag-statements.js';
import type { TokenStream } from './lexer/token-stream.js';

const NAME = 'a stage name';
const USER_STAGE = '~';
const NAMED_BY_LOCATION = /^@(?:~|[_\p{XID_Start}][_$\p{XID_Continue}]*)$/u;

/** Parses what follows `CREATE [OR REPLACE] STAGE`. */
export function parseCreateStage(tokens: TokenStream, orReplace: boolean): CreateStage {
  const ifNotExists = acceptIfNotExists(tokens, orReplace);
  const name = expectStageName(tokens);
  return {
    kind: 'create-stage',
    name,
    orReplace,
    ifNotExists,
    source: acceptSource(tokens),
    fileFormat: acceptFileFormat(tokens),
    comment: acceptComment(tokens),
  };
}

/** Accepts `IF NOT EXISTS`. @throws SqlError if it is used with OR REPLACE. */
export function acceptIfNotExists(tokens: TokenStream, orReplace: boolean): boolean {
  const { start } = tokens.peek();
  if (tokens.acceptWord('IF') === undefined) return false;
  tokens.expectWord('NOT');
  tokens.expectWord('EXISTS');
  if (orReplace) {
    const span = { start, end: tokens.endOfPrevious };
    tokens.failAt(span, 'OR REPLACE and IF NOT EXISTS cannot stand together');
  }
  return true;
}

export function acceptIfExists(tokens: TokenStream): boolean {
  if (tokens.acceptWord('IF') === undefined) return false;
  tokens.expectWord('EXISTS');
  return true;
}

/** Parses what follows `DROP STAGE`. */
export function parseDropStage(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  return { kind: 'drop-stage', name: expectStageName(tokens), ifExists };
}

/** Parses what follows `DESC STAGE`. The name may be quoted. */
export function parseDescribeStage(tokens: TokenStream): Statement {
  const isQuoted = tokens.peek().kind === 'quoted';
  return { kind: 'describe-stage', name: isQuoted ? tokens.expectName(NAME) : expectStageName(tokens) };
}

/** Parses what follows `ALTER STAGE`. */
export function parseAlterStage(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  const name = expectStageName(tokens);
  const verb = tokens.expectWord('SET', 'UNSET');
  const tags = acceptTags(tokens, `ALTER STAGE ${verb}`);
  if (tags !== undefined) return tags;
  const action = verb === 'SET' ? parseSet(tokens) : parseUnset(tokens);
  return { kind: 'alter-stage', name, ifExists, action };
}

/** Parses clauses in any order. The last of each kind counts; a comma may follow each. */
function parseSet(tokens: TokenStream): AlterStageSet {
  let set: AlterStageSet = {
    kind: 'set',
    source: undefined,
    connection: undefined,
    fileFormat: undefined,
    comment: undefined,
  };
  for (;;) {
    const clause = acceptSetClause(tokens);
    if (clause === undefined) return set;
    set = { ...set, ...clause };
    tokens.acceptSymbol(',');
  }
}

function acceptSetClause(tokens: TokenStream): Partial<AlterStageSet> | undefined {
  const source = acceptSource(tokens);
  if (source !== undefined) return { source };
  const connection = acceptConnection(tokens);
  if (connection !== undefined) return { connection };
  const fileFormat = acceptFileFormat(tokens);
  if (fileFormat !== undefined) return { fileFormat };
  const comment = acceptComment(tokens);
  return comment === undefined ? undefined : { comment };
}

function parseUnset(tokens: TokenStream): AlterStage['action'] {
  const options = new Set<StageOption>();
  for (;;) {
    const option = tokens.acceptWord('FILE_FORMAT', 'COMMENT', 'COMMENTS');
    if (option === undefined) break;
    options.add(option === 'FILE_FORMAT' ? 'file_format' : 'comment');
    tokens.acceptSymbol(',');
  }
  if (options.size === 0) tokens.fail();
  return { kind: 'unset', options: [...options] };
}

/** Parses an unquoted name, or `~`; `@name` means the name. The stage catalog checks for reserved names. */
function expectStageName(tokens: TokenStream): string {
  const token = tokens.peek();
  if (tokens.isSymbol(USER_STAGE)) {
    tokens.take();
    return USER_STAGE;
  }
  if (token.kind === 'location' && NAMED_BY_LOCATION.test(tokens.text(token))) {
    return tokens.expectLocation().slice(1);
  }
  const name = tokens.acceptPlainName(NAME) ?? tokens.fail();
  assertNameEnds(tokens, token.start);
  return name;
}

/** Refuses `my-stage` and `my.stage` with the rule of names. Otherwise the error would say that `-` is not a clause. */
function assertNameEnds(tokens: TokenStream, start: number): void {
  const next = tokens.peek();
  if (next.start !== tokens.endOfPrevious || !(tokens.isSymbol('-') || tokens.isSymbol('.'))) return;
  const rule = 'a stage name consists of letters, digits, _ and $, and begins with a letter or _';
  tokens.failAt({ start, end: next.end }, rule);
}
