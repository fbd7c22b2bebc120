import { AppError } from '../../common/app-error.js';

/** Why a request is refused as such, whatever it asks for. */
export type RequestErrorKind =
  | 'UnknownRoute'
  | 'MethodNotAllowed'
  /** A body, parameters or a path that are missing, unknown or malformed. */
  | 'InvalidRequest'
  /** The same, on the routes of Databend's query protocol. */
  | 'InvalidProtocolRequest'
  | 'MalformedHeader'
  /** The body is declared as something else, or encoded. */
  | 'NotJson'
  | 'MalformedJson'
  | 'BodyTooLarge'
  | 'MalformedHttp'
  /** ALLOWED_HOSTS leaves the name out under which the server was asked. */
  | 'HostNotAllowed'
  | 'HeadersTooLarge'
  | 'HeadersTooSlow'
  | 'BodyTooSlow'
  /** `Expect` asks for something else than to be asked for the body. */
  | 'UnknownExpectation'
  /** More bytes have come than the request has declared. */
  | 'SurplusBytes'
  /** The framing of the body is broken: there is no telling where it ends. */
  | 'BrokenBody';

export class RequestError extends AppError<RequestErrorKind> {}
