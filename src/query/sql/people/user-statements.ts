import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { acceptIfExists, acceptIfNotExists } from '../stage-statements.js';
import { acceptAuthentication } from './authentication.js';
import { expectUser } from './names.js';
import type { DropUser } from './people-ast.js';
import { acceptUserOptions } from './user-options.js';

/** Parses what follows `CREATE [OR REPLACE] USER`. */
export function parseCreateUser(tokens: TokenStream, orReplace: boolean): Statement {
  const ifNotExists = acceptIfNotExists(tokens, orReplace);
  const name = expectUser(tokens);
  const { authentication, missing } = acceptAuthentication(tokens) ?? tokens.fail();
  const { options, missing: missingOption } = acceptUserOptions(tokens);
  return (
    refusal('CREATE USER', missing, missingOption) ?? {
      kind: 'create-user',
      name,
      orReplace,
      ifNotExists,
      authentication,
      options,
    }
  );
}

/** Parses what follows `ALTER USER`. */
export function parseAlterUser(tokens: TokenStream): Statement {
  const user = acceptCaller(tokens) ? undefined : expectUser(tokens);
  const parsed = acceptAuthentication(tokens);
  const { options, missing } = acceptUserOptions(tokens);
  const authentication = parsed?.authentication;
  return (
    refusal('ALTER USER', parsed?.missing, missing) ?? { kind: 'alter-user', user, authentication, options }
  );
}

/** Accepts `USER()`. A user may also have the name `user`. */
function acceptCaller(tokens: TokenStream): boolean {
  if (!tokens.isWord('USER') || !tokens.isSymbol('(', 1)) return false;
  tokens.take();
  tokens.take();
  tokens.expectSymbol(')');
  return true;
}

function refusal(verb: string, type: string | undefined, option: string | undefined): Statement | undefined {
  const missing = type ?? (option === undefined ? undefined : `with ${option}`);
  if (missing === undefined) return undefined;
  return { kind: 'not-built', what: `${verb} ${missing}`, about: 'policies' };
}

/** Parses what follows `DROP USER`. */
export function parseDropUser(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  return { kind: 'drop-user', name: expectUser(tokens), ifExists, files: acceptFiles(tokens) };
}

/** Accepts `REMOVE FILES` and `GIVE FILES TO user`. */
function acceptFiles(tokens: TokenStream): DropUser['files'] {
  const verb = tokens.acceptWord('REMOVE', 'GIVE');
  if (verb === undefined) return undefined;
  tokens.expectWord('FILES');
  if (verb === 'REMOVE') return { kind: 'remove' };
  tokens.expectWord('TO');
  return { kind: 'give', to: expectUser(tokens) };
}

/** Parses what follows `DESC USER`. */
export function parseDescribeUser(tokens: TokenStream): Statement {
  return { kind: 'describe-user', name: expectUser(tokens) };
}
