/** curl escapes by `%22` since 7.81; earlier versions use a backslash. */
const FIRST_ESCAPING_CURL = [7, 81] as const;

/**
 * Reports whether this client escapes quotes and line breaks in file names as `%22`, `%0A`, `%0D`. Browsers (WHATWG
 * HTML 4.10.21.8) and curl do. For other clients these characters are part of the name: Databend's clients escape
 * nothing.
 */
export function escapesFileNames(userAgent = ''): boolean {
  if (userAgent.startsWith('Mozilla/')) return true;
  const [, major, minor] = /^curl\/(\d+)\.(\d+)/.exec(userAgent) ?? [];
  if (major === undefined) return false;
  const [firstMajor, firstMinor] = FIRST_ESCAPING_CURL;
  return Number(major) > firstMajor || (Number(major) === firstMajor && Number(minor) >= firstMinor);
}

/** Unescapes a file name. A percent sign itself is not escaped. */
export function unescapedFileName(name: string): string {
  return name.replace(/%(22|0A|0D)/gi, (escaped) => decodeURIComponent(escaped));
}
