const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its endpoint',
  ECONNRESET: 'it has cut the connection',
  EPIPE: 'it has cut the connection',
  ETIMEDOUT: 'its endpoint does not answer',
  EHOSTUNREACH: 'there is no way to its endpoint',
  ENETUNREACH: 'there is no way to its endpoint',
  ENOTFOUND: 'the host of its endpoint has no address',
  EAI_AGAIN: 'the address of its endpoint cannot be looked up now',
  CERT_HAS_EXPIRED: 'the certificate of its endpoint has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of its endpoint is signed by itself, and not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the certificate of its endpoint is signed by an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate of its endpoint is signed by one that is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of its endpoint is for another host',
};
/** OpenSSL's words for an answer that is not TLS. */
const NO_TLS = /wrong version number|ssl3_get_record|packet length too long|http request/i;
/** What servers that want TLS answer to those who speak none. */
const WANTS_TLS = /http request (?:was sent )?to an? https (?:server|port)/i;

/** Why a store is not reached, in words of this service; undefined where the store itself has said why. */
export function networkReason(code: string, message: string): string | undefined {
  if (WANTS_TLS.test(message)) return 'its endpoint answers by TLS alone: write https:// in endpoint_url.';
  if (/^(?:EPROTO|ERR_SSL_\w+)$/.test(code) && (code !== 'EPROTO' || NO_TLS.test(message))) {
    return 'its endpoint answers no TLS: write http:// in endpoint_url.';
  }
  if (message.includes('socket hang up')) {
    return 'its endpoint has closed the connection without an answer. Where it speaks TLS, write https:// in endpoint_url.';
  }
  const reason = REASONS[code];
  return reason === undefined ? undefined : `${reason}.`;
}
