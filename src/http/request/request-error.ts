import { AppError } from '../../common/app-error.js';

/** Why a request is invalid, independent of its resource. */
export type RequestErrorKind =
  | 'UnknownRoute'
  | 'MethodNotAllowed'
  /** A missing, unknown or malformed body, parameter or path. */
  | 'InvalidRequest'
  /** An invalid request on the routes of Databend's query protocol. */
  | 'InvalidProtocolRequest'
  | 'MalformedHeader'
  /** The answer has no form that the header Accept allows. */
  | 'NotAcceptable'
  /** The body is declared as another type, or encoded. */
  | 'NotJson'
  | 'MalformedJson'
  | 'BodyTooLarge'
  | 'MalformedHttp'
  /** The request's Host is not in ALLOWED_HOSTS. */
  | 'HostNotAllowed'
  | 'HeadersTooLarge'
  | 'HeadersTooSlow'
  | 'BodyTooSlow'
  /** `Expect` has another value than 100-continue. */
  | 'UnknownExpectation'
  /** More bytes arrived than the request declares. */
  | 'SurplusBytes'
  /** The framing of the body is broken: its end is unknown. */
  | 'BrokenBody'
  /** More requests than the user or the API token may have. */
  | 'TooManyRequests';

export class RequestError extends AppError<RequestErrorKind> {}
