import { document, textElement } from './s3-xml.mjs';

/** @import { AnswerHeaders, S3Answer } from './s3-answers.mjs' */

/** @typedef {Readonly<Record<string, string | number>>} ErrorFields More elements of the document, as byte strings. */
/** @typedef {{ status?: number | undefined, headers?: AnswerHeaders | undefined, fields?: ErrorFields }} ErrorOptions */

const STATUSES = {
  400: [
    'AuthorizationHeaderMalformed',
    'AuthorizationQueryParametersError',
    'BadDigest',
    'EntityTooSmall',
    'IncompleteBody',
    'InvalidArgument',
    'InvalidBucketName',
    'InvalidDigest',
    'InvalidPart',
    'InvalidPartOrder',
    'InvalidRequest',
    'InvalidToken',
    'InvalidURI',
    'KeyTooLongError',
    'MalformedXML',
    'XAmzContentSHA256Mismatch',
  ],
  403: ['AccessDenied', 'InvalidAccessKeyId', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch'],
  404: ['NoSuchBucket', 'NoSuchKey', 'NoSuchUpload'],
  405: ['MethodNotAllowed'],
  409: ['BucketAlreadyOwnedByYou', 'BucketNotEmpty', 'ConditionalRequestConflict'],
  411: ['MissingContentLength'],
  412: ['PreconditionFailed'],
  416: ['InvalidRange'],
  501: ['NotImplemented'],
  503: ['ServiceUnavailable', 'SlowDown'],
};
const STATUS_OF = new Map(
  Object.entries(STATUSES).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)])),
);

/** What S3 answers in place of a result. */
export class S3Error extends Error {
  /**
   * @param {string} code S3's own word; the status follows from it unless `status` is given.
   * @param {string} [message]
   * @param {ErrorOptions} [options]
   */
  constructor(code, message = code, { status, headers = {}, fields = {} } = {}) {
    super(message);
    this.name = 'S3Error';
    this.code = code;
    this.status = status ?? STATUS_OF.get(code) ?? 500;
    this.headers = headers;
    this.fields = fields;
  }
}

/**
 * The answer that tells an error, as S3 does.
 * @param {S3Error} error
 * @param {string} resource
 * @returns {S3Answer}
 */
export function errorAnswer({ code, message, status, headers, fields }, resource) {
  const told = { Code: code, Message: message, ...fields, Resource: resource, RequestId: 'PERMISSIVE' };
  const elements = Object.entries(told).map(([name, value]) => textElement(name, value));
  return {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: document('Error', elements.join(''), ''),
  };
}
