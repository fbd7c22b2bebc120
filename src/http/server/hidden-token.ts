/** Behind whatever prefix, and in whatever case: who misspells the route has a token all the same. */
const PRESIGNED = /(\/v1\/+presigned\/+)[^\s"'?#]+/gi;
/** The token itself, `<JSON>.<HMAC-SHA256>` in base64url, and the path behind it, wherever they stand. */
const TOKEN = /(?<![\w-])eyJ[\w-]{16,}\.[\w-]{12,}(?:\/[^\s"'?#]*)?/g;
/** A user and a password before the host of a URL. */
const USERINFO = /:\/\/[^\s/?#@]*@/g;
/** Characters of a token that are written by their code, so that it does not look like one; that of % itself among them. */
const WRITTEN_BY_CODE = /%(2[5de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\da])/gi;
const MOST_DECODINGS = 3;
/** Express repeats the part of a path that it cannot decode. */
const UNDECODABLE = /Failed to decode param .*/g;

/** A text for the log, a URL or an error's words, without the token of a presigned URL: it is as good as a password. */
export function withoutToken(text: string): string {
  const veiled = veil(text);
  return veiled.includes('%') ? veil(unveiled(veiled)) : veiled;
}

function veil(text: string): string {
  return text
    .replace(PRESIGNED, '$1***')
    .replace(TOKEN, '***')
    .replace(USERINFO, '://***@')
    .replace(UNDECODABLE, 'Failed to decode a part of the path');
}

/** With what is written by code in letters, where they hold a token; as it is elsewhere. */
function unveiled(text: string): string {
  let decoded = text;
  for (let times = 0; times < MOST_DECODINGS && decoded.includes('%'); times++) {
    decoded = decoded.replace(WRITTEN_BY_CODE, (_code, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded.search(TOKEN) !== -1) return decoded;
  }
  return text;
}
