import { types } from 'node:util';

/*
 * Jest gives tests an Error of their own, and sockets and files fail with Node's: `instanceof Error` would not know them,
 * and the S3 SDK would neither retry nor keep their codes. SQLite fails with those of the first test of the process.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  /** @param {unknown} error */
  value(error) {
    if (this === Error) return types.isNativeError(error) || inheritsFromAnError(error);
    return typeof this === 'function' && Function.prototype[Symbol.hasInstance].call(this, error);
  },
});

/**
 * Of any test, and made by a function: a class would make one of the engine's own.
 *
 * @param {unknown} value
 * @returns {boolean}
 */
function inheritsFromAnError(value) {
  if (typeof value !== 'object' || value === null) return false;
  /** @type {{ constructor?: { name: unknown } } | null} */
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return false;
  return prototype.constructor?.name === 'Error' || inheritsFromAnError(prototype);
}
