import type { CreateConnection, Statement } from './ast.js';
import { parseConnectionOption } from './stage-clauses.js';
import { acceptTags } from './tag-statements.js';
import { acceptIfExists, acceptIfNotExists } from './stage-statements.js';
import type { TokenStream } from './lexer/token-stream.js';

const NAME = 'the name of a connection';

/** Parses what follows `CREATE [OR REPLACE] CONNECTION`. */
export function parseCreateConnection(tokens: TokenStream, orReplace: boolean): CreateConnection {
  const ifNotExists = acceptIfNotExists(tokens, orReplace);
  const name = tokens.expectName(NAME);
  tokens.expectWord('STORAGE_TYPE');
  tokens.expectSymbol('=');
  const storageType = tokens.expectString();
  const options = parseOptions(tokens);
  return { kind: 'create-connection', name, orReplace, ifNotExists, storageType, options };
}

/** Parses what follows `ALTER CONNECTION`. In Databend it changes only tags; here `SET` also takes options. */
export function parseAlterConnection(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  const name = tokens.expectName(NAME);
  const verb = tokens.expectWord('SET', 'UNSET');
  const tags = acceptTags(tokens, `ALTER CONNECTION ${verb}`);
  if (tags !== undefined) return tags;
  const options = verb === 'SET' ? parseOptions(tokens) : tokens.fail();
  if (options.size === 0) tokens.fail();
  return { kind: 'alter-connection', name, ifExists, options };
}

/** Parses `key = 'value' …`. The last of the same name counts. */
function parseOptions(tokens: TokenStream): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  while (['word', 'quoted'].includes(tokens.peek().kind)) {
    const [option, value] = parseConnectionOption(tokens);
    options.set(option, value);
  }
  tokens.expecting('an option');
  return options;
}

/** Parses what follows `DROP CONNECTION`. */
export function parseDropConnection(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  return { kind: 'drop-connection', name: tokens.expectName(NAME), ifExists };
}

/** Parses what follows `DESC CONNECTION`. */
export function parseDescribeConnection(tokens: TokenStream): Statement {
  return { kind: 'describe-connection', name: tokens.expectName(NAME) };
}
