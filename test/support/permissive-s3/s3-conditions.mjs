import { S3Error } from './s3-error.mjs';

const FAILED = 'At least one of the pre-conditions you specified did not hold';

/** Is it `*` or a list that holds the tag? Stores take tags with quotes and without. */
function matches(condition, etag) {
  const tags = condition.split(',').map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''));
  return tags.includes('*') || tags.includes(etag);
}

function timeOf(header) {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The conditions of GET and HEAD, in the order of RFC 9110 13.2.2.
 *
 * @param prefix stands before the header's names: a copy has conditions on its source.
 * @returns whether the object is as the client knows it, which is an answer 304; a failed precondition is thrown.
 */
export function isNotModified(object, headers, prefix = '') {
  const condition = (name) => headers[`${prefix}${name}`];
  const changed = object.lastModified.getTime();
  if (condition('if-match') !== undefined) {
    if (!matches(condition('if-match'), object.etag)) throw preconditionFailed('If-Match');
  } else if (timeOf(condition('if-unmodified-since')) < changed) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (condition('if-none-match') !== undefined) return matches(condition('if-none-match'), object.etag);
  return timeOf(condition('if-modified-since')) >= changed;
}

/** The conditions of what makes or replaces an object, in the moment in which it would. */
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

/** The condition of a removal: `*` wants an object, any object. */
export function checkRemovalCondition(object, ifMatch, { conditions }) {
  if (ifMatch === undefined || conditions === 'ignored') return;
  if (conditions === 'refused') throw refusedCondition('If-Match');
  if (object === undefined && ifMatch.trim() !== '*') {
    throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  }
  if (object === undefined || !matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
}

function preconditionFailed(name) {
  return new S3Error('PreconditionFailed', FAILED, { fields: { Condition: name } });
}

function refusedCondition(name) {
  const why = 'A header you provided implies functionality that is not implemented';
  return new S3Error('NotImplemented', why, { fields: { Header: name } });
}
