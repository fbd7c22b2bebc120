/** UTF-16 units. */
export const MAX_NAME_LENGTH = 63;
/** They would break lines of logs and lists. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u;

/** Can the name of a user, role or token be shown in one line, with nothing hidden at its ends? */
export function isPlainName(name: string): boolean {
  return name !== '' && name.length <= MAX_NAME_LENGTH && !BREAKING.test(name) && name.trim() === name;
}
