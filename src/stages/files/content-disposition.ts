/** Safe length on nearly every file system, for clients that read only the plain name. */
const MAX_PLAIN_LENGTH = 200;

/**
 * Builds a Content-Disposition that makes browsers save the file instead of showing it. The plain name is for clients
 * that read no other (RFC 6266 4.3). curl uses it unchanged, so characters that could end it, or lead out of a folder,
 * are replaced.
 *
 * @param path of the file in its stage.
 */
export function attachment(path: string): string {
  const name = fileNameOf(path);
  return `attachment; filename="${plainName(name)}"; filename*=UTF-8''${encodeRfc5987(name)}`;
}

/** Returns the last component of a path that is more than dots and spaces. */
export function fileNameOf(path: string): string {
  return path.split('/').findLast((component) => /[^.\s]/.test(component)) ?? 'file';
}

function plainName(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/gu, '_');
  return (ascii.length <= MAX_PLAIN_LENGTH ? ascii : shortened(Array.from(ascii)))
    .replace(/["\\]/g, '_')
    .trim();
}

/** Shortens a name to a length that file systems accept, and keeps the extension. @param characters are never split. */
export function shortened(characters: readonly string[], maxLength = MAX_PLAIN_LENGTH): string {
  const name = characters.join('');
  if (name.length <= maxLength) return name;
  const [extension = ''] = /\.[\w.%-]{1,20}$/.exec(name) ?? [];
  let beginning = '';
  for (const character of characters) {
    if (beginning.length + character.length + extension.length > maxLength) break;
    beginning += character;
  }
  return beginning + extension;
}

/** Characters that RFC 5987 takes as they are. */
const PLAIN = /^[\w.~-]*$/;

function encodeRfc5987(name: string): string {
  if (PLAIN.test(name)) return name;
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
