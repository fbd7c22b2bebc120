import { RequestError } from '../request/request-error.js';

/** Errors after a valid request line: the client sent a request, and gets an answer. */
const IN_HEADERS: Readonly<Record<string, string>> = {
  HPE_INVALID_HEADER_TOKEN: 'one of its headers cannot be read',
  HPE_LF_EXPECTED: 'the lines of its headers must end in CR LF',
  HPE_CR_EXPECTED: 'the lines of its headers must end in CR LF',
  HPE_UNEXPECTED_SPACE: 'white space begins one of its headers',
  HPE_INVALID_VERSION: 'HTTP/1.1 is the version that is spoken here',
  HPE_INVALID_CONTENT_LENGTH: 'its Content-Length is no number of bytes',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'it has two lengths. Send Content-Length once, and no Transfer-Encoding',
  HPE_INVALID_TRANSFER_ENCODING:
    'its Transfer-Encoding cannot be read here. Send the body as it is, with Content-Length or with ' +
    'Transfer-Encoding: chunked alone',
  HPE_HEADER_OVERFLOW: '',
  HPE_CLOSED_CONNECTION: 'it follows one that has said Connection: close',
  ERR_HTTP_REQUEST_TIMEOUT: '',
};
const TLS_HANDSHAKE = 0x16;

/** Node's error for bytes that its parser rejects. */
export interface ParserFailure extends NodeJS.ErrnoException {
  /** The last received bytes. */
  readonly rawPacket?: Uint8Array;
  /** Number of valid bytes in `rawPacket`. */
  readonly bytesParsed?: number;
}

/**
 * Reports whether the first line was no request at all. Usually such bytes are the rest of a body whose declared length
 * was too short.
 */
export function isNoRequest(failure: ParserFailure): boolean {
  const { code = '' } = failure;
  const isPath = code === 'HPE_INVALID_URL' && /(?:^|\n)[A-Z-]+ \/\S*$/.test(goodBytes(failure));
  return !isPath && !Object.hasOwn(IN_HEADERS, code);
}

function goodBytes({ rawPacket, bytesParsed }: ParserFailure): string {
  return Buffer.from(rawPacket?.subarray(0, bytesParsed) ?? []).toString('latin1');
}

/** Converts an error of Node's HTTP parser. */
export function parserError(error: ParserFailure): RequestError {
  const { code = '' } = error;
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new RequestError(
      'HeadersTooLarge',
      'The request headers are too large: send fewer or shorter ones.',
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new RequestError('HeadersTooSlow', 'The request headers took too long to arrive.');
  }
  return new RequestError('MalformedHttp', `The request is not valid HTTP: ${reason(code, error)}.`);
}

function reason(code: string, { rawPacket }: ParserFailure): string {
  const description = IN_HEADERS[code];
  if (description !== undefined) return description;
  if (rawPacket?.[0] === TLS_HANDSHAKE) {
    return 'this port speaks no TLS. Write http:// instead of https://';
  }
  if (code === 'HPE_INVALID_URL') return 'its URL holds characters that must be percent-encoded';
  return 'its first line must be as in GET /v1/stages HTTP/1.1';
}
