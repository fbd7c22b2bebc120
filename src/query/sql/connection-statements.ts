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
  const options = new Map<string, string>();
  while (['word', 'quoted'].includes(tokens.peek().kind)) {
    const [option, value] = parseConnectionOption(tokens);
    options.set(option, value);
  }
  tokens.expecting('an option');
  return { kind: 'create-connection', name, orReplace, ifNotExists, storageType, options };
}

/** Parses what follows `ALTER CONNECTION`, which in Databend changes only tags. */
export function parseAlterConnection(tokens: TokenStream): Statement {
  acceptIfExists(tokens);
  tokens.expectName(NAME);
  const verb = tokens.expectWord('SET', 'UNSET');
  return acceptTags(tokens, `ALTER CONNECTION ${verb}`) ?? tokens.fail();
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
