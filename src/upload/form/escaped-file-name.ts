/** curl has escaped by `%22` since 7.81, and by a backslash before. */
const FIRST_ESCAPING_CURL = [7, 81] as const;

/**
 * Does this client write a quote and line breaks in a file's name as `%22`, `%0A`, `%0D`? Browsers do (WHATWG HTML 4.10.21.8),
 * and curl. What others send so is the name itself: Databend's clients escape nothing.
 */
export function escapesFileNames(userAgent = ''): boolean {
  if (userAgent.startsWith('Mozilla/')) return true;
  const [, major, minor] = /^curl\/(\d+)\.(\d+)/.exec(userAgent) ?? [];
  if (major === undefined) return false;
  const [firstMajor, firstMinor] = FIRST_ESCAPING_CURL;
  return Number(major) > firstMajor || (Number(major) === firstMajor && Number(minor) >= firstMinor);
}

/** A percent sign by itself escapes nothing. */
export function unescapedFileName(name: string): string {
  return name.replace(/%(22|0A|0D)/gi, (escaped) => decodeURIComponent(escaped));
}
