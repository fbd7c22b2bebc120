import { S3Error } from './s3-error.mjs';

/** @import { StoredObject } from './byte-store.mjs' */
/** @import { Quirks } from './quirks.mjs' */
/** @import { S3Headers } from './s3-request.mjs' */

const FAILED = 'At least one of the pre-conditions you specified did not hold';

/**
 * Is it `*` or a list that holds the tag? Stores take tags with quotes and without.
 * @param {string} condition
 * @param {string} etag
 */
function matches(condition, etag) {
  const tags = condition.split(',').map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''));
  return tags.includes('*') || tags.includes(etag);
}

/** @param {string | undefined} header */
function timeOf(header) {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The conditions of GET and HEAD, in the order of RFC 9110 13.2.2.
 *
 * @param {StoredObject} object
 * @param {S3Headers} headers
 * @param {string} [prefix] stands before the header's names: a copy has conditions on its source.
 * @returns {boolean} whether the object is as the client knows it, which is an answer 304; a failed precondition is thrown.
 */
export function isNotModified(object, headers, prefix = '') {
  /** @param {string} name */
  const condition = (name) => headers[`${prefix}${name}`];
  const changed = object.lastModified.getTime();
  const [ifMatch, ifNoneMatch] = [condition('if-match'), condition('if-none-match')];
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if ((timeOf(condition('if-unmodified-since')) ?? Infinity) < changed) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag);
  return (timeOf(condition('if-modified-since')) ?? -Infinity) >= changed;
}

/**
 * The conditions of what makes or replaces an object, in the moment in which it would.
 * @param {StoredObject | undefined} object
 * @param {S3Headers} headers
 * @param {Quirks} quirks
 */
export function checkWriteConditions(object, headers, { conditions }) {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (conditions === 'ignored' || (ifMatch === undefined && ifNoneMatch === undefined)) return;
  if (conditions === 'refused') throw refusedCondition(ifMatch === undefined ? 'If-None-Match' : 'If-Match');
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') throw refusedCondition('If-None-Match');
    if (object !== undefined) throw preconditionFailed('If-None-Match');
  }
  if (ifMatch === undefined) return;
  if (object === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (!matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
}

/**
 * The condition of a removal: `*` wants an object, any object.
 * @param {StoredObject | undefined} object
 * @param {string | undefined} ifMatch
 * @param {Quirks} quirks
 */
export function checkRemovalCondition(object, ifMatch, { conditions }) {
  if (ifMatch === undefined || conditions === 'ignored') return;
  if (conditions === 'refused') throw refusedCondition('If-Match');
  if (object === undefined && ifMatch.trim() !== '*') {
    throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  }
  if (object === undefined || !matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
}

/** @param {string} name */
function preconditionFailed(name) {
  return new S3Error('PreconditionFailed', FAILED, { fields: { Condition: name } });
}

/** @param {string} name */
function refusedCondition(name) {
  const why = 'A header you provided implies functionality that is not implemented';
  return new S3Error('NotImplemented', why, { fields: { Header: name } });
}
