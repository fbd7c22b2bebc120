import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../../http/request/request-error.js';
import { StorageError } from '../../../storage/contract/storage-error.js';
import type { ObjectStat } from '../../../storage/contract/storage-provider.js';
import { entityTags, isStronglyAmong, isWeaklyAmong, type EntityTags } from './entity-tags.js';
import { httpDate, secondsOf } from './http-date.js';

/** Conditions on the file that a request reads, writes or removes (RFC 9110 13.1). Times are seconds since 1970. */
export interface FileConditions {
  readonly ifMatch?: EntityTags;
  readonly ifNoneMatch?: EntityTags;
  readonly ifUnmodifiedSince?: number;
  readonly ifModifiedSince?: number;
}

/** Properties that conditions are compared with. */
export type Validators = Pick<ObjectStat, 'etag' | 'lastModified'>;

/** `not-modified`: the client already has this version. */
export type ConditionResult = 'holds' | 'fails' | 'not-modified';

/**
 * Parses the conditions of a request. Ignores invalid dates, as RFC 9110 requires.
 *
 * @returns undefined if the request has no condition.
 * @throws RequestError of kind `MalformedHeader`: an ignored condition would not protect the file.
 */
export function fileConditions(headers: IncomingHttpHeaders): FileConditions | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const ifUnmodifiedSince = dateOf(headers['if-unmodified-since']);
  const ifModifiedSince = dateOf(headers['if-modified-since']);
  const conditions = {
    ...(match === undefined ? {} : { ifMatch: tagsOf('If-Match', match) }),
    ...(noneMatch === undefined ? {} : { ifNoneMatch: tagsOf('If-None-Match', noneMatch) }),
    ...(ifUnmodifiedSince === undefined ? {} : { ifUnmodifiedSince }),
    ...(ifModifiedSince === undefined ? {} : { ifModifiedSince }),
  };
  return Object.keys(conditions).length === 0 ? undefined : conditions;
}

/** Evaluates conditions in the order of RFC 9110 13.2.2. @param existing the file; undefined if none exists. */
export function evaluateConditions(
  conditions: FileConditions,
  existing: Validators | undefined,
  operation: 'read' | 'change',
): ConditionResult {
  const { ifMatch, ifNoneMatch, ifUnmodifiedSince, ifModifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (existing === undefined || !isStronglyAmong(ifMatch, existing.etag)) return 'fails';
  } else if (ifUnmodifiedSince !== undefined && existing !== undefined) {
    if (secondsOf(existing.lastModified) > ifUnmodifiedSince) return 'fails';
  }
  if (ifNoneMatch !== undefined) {
    if (existing === undefined || !isWeaklyAmong(ifNoneMatch, existing.etag)) return 'holds';
    return operation === 'read' ? 'not-modified' : 'fails';
  }
  if (operation === 'change' || ifModifiedSince === undefined || existing === undefined) return 'holds';
  return secondsOf(existing.lastModified) <= ifModifiedSince ? 'not-modified' : 'holds';
}

/** Evaluates If-Range (RFC 9110 13.1.5): whether the requested range refers to this version of the file. */
export function rangeApplies(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  if (ifRange === undefined) return true;
  const tags = entityTags(ifRange);
  if (tags !== undefined) return tags !== '*' && tags.length === 1 && isStronglyAmong(tags, etag);
  const date = httpDate(ifRange);
  // Within the same second a file can change again under the same date.
  const isPast = secondsOf(lastModified) < secondsOf(new Date());
  return date !== undefined && isPast && date === secondsOf(lastModified);
}

export function conditionFailed(existing: ObjectStat | undefined): StorageError {
  const reason =
    existing === undefined ? 'There is no file of that name' : 'The file is not as the request has it';
  return new StorageError(
    'PreconditionFailed',
    `${reason}: a condition of the request does not hold, and nothing was changed.`,
  );
}

function tagsOf(name: string, value: string): EntityTags {
  const tags = entityTags(value);
  if (tags !== undefined) return tags;
  throw new RequestError(
    'MalformedHeader',
    `${name} may be * or ETags in double quotes, as a download gives them: ${JSON.stringify(value.slice(0, 100))}.`,
  );
}

function dateOf(value: string | undefined): number | undefined {
  return value === undefined ? undefined : httpDate(value);
}
