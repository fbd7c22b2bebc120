const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its endpoint',
  ECONNRESET: 'it has cut the connection',
  EPIPE: 'it has cut the connection',
  TimeoutError: 'its endpoint takes the connection and does not answer (see STORAGE_TIMEOUT_SECONDS)',
  ETIMEDOUT: 'its endpoint does not answer',
  EHOSTUNREACH: 'there is no way to its endpoint',
  ENETUNREACH: 'there is no way to its endpoint',
  ENOTFOUND: 'the host of its endpoint has no address',
  EAI_AGAIN: 'the address of its endpoint cannot be looked up now',
  CERT_HAS_EXPIRED: 'the certificate of its endpoint has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of its endpoint is signed by itself, and not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the certificate of its endpoint is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate of its endpoint is signed by an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate of its endpoint is signed by one that is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of its endpoint is for another host',
};
/** OpenSSL's messages for an answer that is not TLS. */
const NO_TLS = /wrong version number|ssl3_get_record|packet length too long|http request/i;
/** Messages of servers that require TLS, to clients without it. */
const WANTS_TLS = /http request (?:was sent )?to an? https (?:server|port)/i;

/** Codes of unknown hosts, untrusted certificates and answers that are not HTTP. */
const WRONG_ENDPOINT = /^(?:ENOTFOUND|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*|ERR_TLS_CERT\w+|HPE_\w+)$/;

/** Is the endpoint wrong, so that only another endpoint or a trusted certificate helps, and no retry? */
export function isWrongEndpoint(code: string, message: string): boolean {
  return WRONG_ENDPOINT.test(code) || WANTS_TLS.test(message) || lacksTls(code, message);
}

function lacksTls(code: string, message: string): boolean {
  return /^(?:EPROTO|ERR_SSL_\w+)$/.test(code) && (code !== 'EPROTO' || NO_TLS.test(message));
}

/** Explains why a store is not reachable; undefined if the store itself has given a reason. */
export function networkReason(code: string, message: string): string | undefined {
  if (WANTS_TLS.test(message)) return 'its endpoint answers by TLS alone: write https:// in endpoint_url.';
  if (lacksTls(code, message)) {
    return 'its endpoint answers no TLS: write http:// in endpoint_url.';
  }
  if (message.includes('socket hang up')) {
    return 'its endpoint has closed the connection without an answer. Where it speaks TLS, write https:// in endpoint_url.';
  }
  const reason = REASONS[code];
  return reason === undefined ? undefined : `${reason}.`;
}
