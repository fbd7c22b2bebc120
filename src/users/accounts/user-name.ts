import { UserError } from '../user-error.js';
import { isPlainName, MAX_NAME_LENGTH } from './plain-name.js';

/** Databend's rule, with its text. */
const QUOTES = /['"\b\f]/;

/** @throws UserError of kind `InvalidUserName` that says what a name may be. */
export function checkUserName(name: string): void {
  if (QUOTES.test(name)) {
    throw new UserError(
      'InvalidUserName',
      `Illegal Username: Illegal user name [${name}], not support username contain ' or " \\b or \\f`,
    );
  }
  // A colon ends the name in Basic authentication.
  if (isPlainName(name) && !name.includes(':')) return;
  throw new UserError(
    'InvalidUserName',
    `User name ${JSON.stringify(name)} cannot be used: 1 to ${String(MAX_NAME_LENGTH)} characters, without colons, quotes, ` +
      'control characters, and spaces at its ends.',
  );
}
