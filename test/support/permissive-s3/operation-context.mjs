/** @import { ByteStore } from './byte-store.mjs' */
/** @import { Quirks } from './quirks.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */
/** @import { BodyOptions, SentBody } from './s3-body.mjs' */
/** @import { S3Request } from './s3-request.mjs' */

/**
 * What an operation of the whole service works on.
 *
 * @typedef {object} ServiceContext
 * @property {S3Request} request
 * @property {Map<string, ByteStore>} stores by their buckets
 * @property {(bucket: string) => ByteStore} makeStore
 * @property {Quirks} quirks
 * @property {string} region
 * @property {boolean} isSigned
 * @property {(options?: BodyOptions) => Promise<SentBody>} readBody
 */

/** @typedef {ServiceContext & { store: ByteStore }} OperationContext With the store of the request's bucket. */
/** @typedef {(context: ServiceContext) => S3Answer} ServiceOperation */
/** @typedef {(context: OperationContext) => S3Answer | Promise<S3Answer>} Operation */

export {};
