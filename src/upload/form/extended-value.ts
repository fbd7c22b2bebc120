/** charset'language'value (RFC 8187 3.2.1). */
const EXTENDED = /^([\w!#$%&+^`{}~.-]+)'[\w-]*'((?:[\w!#$&+.^`|~-]|%[\dA-Fa-f]{2})+)$/;

/** Checks the value of a parameter whose name ends in `*`: a supported charset, and only valid characters of it. */
export function isExtendedValue(text: string): boolean {
  const [, charset = '', encoded = ''] = EXTENDED.exec(text) ?? [];
  if (charset === '') return false;
  const bytes = encoded.replace(/%(..)/g, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  try {
    new TextDecoder(charset, { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
    return true;
  } catch {
    return false; // unknown charset, or invalid characters
  }
}
