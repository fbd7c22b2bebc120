import { types } from 'node:util';

/*
 * Jest gives tests an Error of their own, and sockets and files fail with Node's: `instanceof Error` would not know them,
 * and the S3 SDK would neither retry nor keep their codes.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(error) {
    if (this === Error) return types.isNativeError(error);
    return typeof this === 'function' && Function.prototype[Symbol.hasInstance].call(this, error);
  },
});
