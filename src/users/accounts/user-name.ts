import { UserError } from '../user-error.js';

/** UTF-16 units. */
export const MAX_NAME_LENGTH = 63;
/** Databend's rule, with its text. */
const QUOTES = /['"\b\f]/;
/** A colon ends the name in Basic authentication. The others would break lines of logs. */
const UNUSABLE = /[:\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** @throws UserError of kind `InvalidUserName` that says what a name may be. */
export function checkUserName(name: string): void {
  if (QUOTES.test(name)) {
    throw new UserError(
      'InvalidUserName',
      `Illegal Username: Illegal user name [${name}], not support username contain ' or " \\b or \\f`,
    );
  }
  const { length } = name;
  if (length > 0 && length <= MAX_NAME_LENGTH && !UNUSABLE.test(name) && name.trim() === name) return;
  throw new UserError(
    'InvalidUserName',
    `User name ${JSON.stringify(name)} cannot be used: 1 to ${String(MAX_NAME_LENGTH)} characters, without colons, quotes, ` +
      'control characters, and spaces at its ends.',
  );
}
