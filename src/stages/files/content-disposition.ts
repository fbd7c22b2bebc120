/** The limit of nearly every file system, for clients that know only the plain name. */
const MAX_PLAIN_LENGTH = 200;

/**
 * Has a browser save the file, and never show it. The plain name is for clients that know no other (RFC 6266 4.3): curl takes
 * it as it stands, so that what could end it, or lead out of a folder, is replaced.
 *
 * @param path of the file in its stage.
 */
export function attachment(path: string): string {
  const name = fileNameOf(path);
  return `attachment; filename="${plainName(name)}"; filename*=UTF-8''${encodeRfc5987(name)}`;
}

/** The last component of a path that says something. */
export function fileNameOf(path: string): string {
  return path.split('/').findLast((component) => /[^.\s]/.test(component)) ?? 'file';
}

function plainName(name: string): string {
  return shortened(Array.from(name, (character) => (/[\x20-\x7e]/.test(character) ? character : '_')))
    .replace(/["\\]/g, '_')
    .trim();
}

/** As few characters as a file system takes, the extension among them. @param characters each stays whole. */
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

function encodeRfc5987(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
