import { TokenStream } from './lexer/token-stream.js';
import { parseSetting, SETTING } from './session-statements.js';

/** Accepts `SETTINGS (name = value, …)`, which holds for the statement behind it alone. */
export function acceptSettings(tokens: TokenStream): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  if (!tokens.isWord('SETTINGS') || !tokens.isSymbol('(', 1)) return settings;
  tokens.take();
  tokens.take();
  do {
    const name = tokens.expectName(SETTING).toLowerCase();
    tokens.expectSymbol('=');
    settings.set(name, parseSetting(tokens));
  } while (tokens.acceptSymbol(','));
  tokens.expectSymbol(')');
  return settings;
}

/** Reads the settings of one statement alone. @param sql a text that `parseStatement` has accepted. */
export function settingsAlone(sql: string): ReadonlyMap<string, string> {
  return acceptSettings(new TokenStream(sql));
}
