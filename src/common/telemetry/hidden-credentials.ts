/**
 * Tokens by their forms: API tokens, session and refresh tokens, and `<JSON>.<HMAC-SHA256>` of a presigned URL in base64url with the path
 * after it. In a line of JSON the letter of an escape may stand before the first two.
 */
export const TOKEN =
  /sd_[\w-]{43,}|bend-v1-[rs]-[\w.-]{16,}|(?<![\w-])eyJ[\w-]{16,}\.[\w-]{12,}(?:\/[^\s"'?#]*)?/g;
/** A parameter of a URL whose name says that its value is a secret. */
const SECRET_PARAMETER =
  /([?&](?:[^\s"'=&?#]{0,40}(?:token|secret|passw|signature|credential|api[_-]?key)[^\s"'=&?#]{0,20}|sig|key)=)[^\s"'&#]+/gi;

/** Hides tokens in a text: each of them is as good as a password. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '***');
}

/** Hides tokens, and the values of parameters that are called secrets. */
export function withoutCredentials(text: string): string {
  return withoutTokens(text).replace(SECRET_PARAMETER, '$1***');
}
