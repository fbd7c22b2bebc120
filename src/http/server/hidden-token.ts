import { TOKEN, withoutCredentials } from '../../common/telemetry/hidden-credentials.js';

/** Matches any prefix in any case: a misspelled route still contains the token. */
const PRESIGNED = /(\/v1\/+presigned\/+)[^\s"'?#]+/gi;
/** User and password before the host of a URL. */
const USERINFO = /:\/\/[^\s/?#@]*@/g;
/** Percent-encoded characters of a token, which hide it from `TOKEN`; the percent sign is one of them. */
const WRITTEN_BY_CODE = /%(2[5de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\da])/gi;
const MOST_DECODINGS = 3;
/** Part of Express's message that repeats an undecodable path. */
const UNDECODABLE = /Failed to decode param .*/g;

/** Removes credentials from a text for the log: a URL, or the message of an error. */
export function withoutToken(text: string): string {
  const masked = mask(text);
  return masked.includes('%') ? mask(revealed(masked)) : masked;
}

function mask(text: string): string {
  return withoutCredentials(text.replace(PRESIGNED, '$1***'))
    .replace(USERINFO, '://***@')
    .replace(UNDECODABLE, 'Failed to decode a part of the path');
}

/** Decodes percent-encoded characters if that reveals a token; otherwise returns the text unchanged. */
function revealed(text: string): string {
  let decoded = text;
  for (let times = 0; times < MOST_DECODINGS && decoded.includes('%'); times++) {
    decoded = decoded.replace(WRITTEN_BY_CODE, (_code, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded.search(TOKEN) !== -1) return decoded;
  }
  return text;
}
