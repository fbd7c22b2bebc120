/** Behind whatever prefix, and in whatever case: who misspells the route has a token all the same. */
const PRESIGNED = /(\/v1\/+presigned\/+)[^\s"'?#]+/gi;
/** The token itself, `<JSON>.<HMAC-SHA256>` in base64url, and the path behind it, wherever they stand. */
const TOKEN = /(?<![\w-])eyJ[\w-]{16,}\.[\w-]{12,}(?:\/[^\s"'?#]*)?/g;
/** Express repeats the part of a path that it cannot decode. */
const UNDECODABLE = /Failed to decode param .*/g;

/** A text for the log, a URL or an error's words, without the token of a presigned URL: it is as good as a password. */
export function withoutToken(text: string): string {
  return text
    .replace(PRESIGNED, '$1***')
    .replace(TOKEN, '***')
    .replace(UNDECODABLE, 'Failed to decode a part of the path');
}
