import { byteString } from './byte-store.mjs';

/** @import { Key } from './byte-store.mjs' */
/** @import { S3Operation, S3Request } from './s3-request.mjs' */

/**
 * `drop`: closes the connection at once. `hang`: reads the request and never answers. `html`, `nothing`: 200 with a page, or
 * without a body. `lost`: does what is asked and closes the connection without an answer. `cut`, `stall`: does it, sends half
 * of the answer, and closes the connection or stands still. An error: does nothing and answers S3's error document, with the
 * status that belongs to the code unless another one is given, such as 200. With a `body`: just that.
 *
 * @typedef {'drop' | 'hang' | 'html' | 'nothing' | 'lost' | 'cut' | 'stall' | GivenError | GivenBody} SpoiledAnswer
 */
/** @typedef {{ code: string, message?: string, status?: number, headers?: Readonly<Record<string, string>> }} GivenError */
/** @typedef {{ body: string, status?: number, headers?: Readonly<Record<string, string>> }} GivenBody */

/**
 * What happens to requests of these operations and of that key, or to all. The first rule that fits and is not used up holds.
 *
 * @typedef {object} AnswerRule
 * @property {S3Operation | readonly S3Operation[]} [on]
 * @property {Key} [key]
 * @property {number} [skip] so many pass first
 * @property {number} [times] so many suffer; all of them unless told
 * @property {SpoiledAnswer} answer
 */

/**
 * In what the store is not as S3 is. Whatever is changed holds from the next request on.
 *
 * @typedef {object} Quirks
 * @property {'escaped' | 'raw'} controlCharacters How XML holds them, which it may not hold at all. `escaped` is S3's way.
 * @property {boolean} encodingTypeIgnored Lists keys as they are, whatever `encoding-type` asks for.
 * @property {boolean} startAfterIgnored Begins every listing at its first key.
 * @property {'fresh' | 'missing' | 'repeated' | 'forgotten'} continuationTokens Truncated pages name none, or the same one for ever, or
 *   none that is known when it comes back.
 * @property {number} emptyPages So many pages of each listing by ListObjectsV2 come without a key, and say that more follow;
 *   Infinity for ever.
 * @property {boolean} hidesBelowObjects No listing shows `a/b` where an object `a` is, as in MinIO.
 * @property {boolean} uploadsOfExactKeysOnly ListMultipartUploads takes its prefix for a whole key, as MinIO does.
 * @property {boolean} foldsCase `A` and `a` are one object, under the name that it was made with.
 * @property {boolean} bareEtags ETags without quotes, everywhere.
 * @property {'kept' | 'ignored' | 'refused'} conditions What becomes of `If-Match` and `If-None-Match` on writes and removals:
 *   `refused` is 501.
 * @property {boolean} refusesHugeRanges Answers 400 to a range with a position that no 64 bits hold.
 * @property {'kept' | 'missing' | 'wants-md5'} multiDelete `missing` is 501; `wants-md5` knows no newer checksum in its place.
 * @property {((key: string) => boolean) | undefined} refusesRemoval Objects that nobody may remove, by their key as text.
 * @property {boolean} writesWantDigest Every object and every part must come with its md5 or another checksum, as where objects
 *   are locked.
 * @property {boolean} withoutListBucket No listing is allowed, and what is not there is 403.
 * @property {boolean} anonymousRead Reading and listing need no signature.
 * @property {boolean} redirectsToRegion A signature for another region is answered with 301 in place of 400.
 * @property {number} clockOffsetMs The store's clock is ahead by so much.
 * @property {readonly AnswerRule[]} answers
 */

/**
 * A store as S3 is.
 *
 * @type {Readonly<Quirks>}
 */
const AS_S3_IS = {
  controlCharacters: 'escaped',
  encodingTypeIgnored: false,
  startAfterIgnored: false,
  continuationTokens: 'fresh',
  emptyPages: 0,
  hidesBelowObjects: false,
  uploadsOfExactKeysOnly: false,
  foldsCase: false,
  bareEtags: false,
  conditions: 'kept',
  refusesHugeRanges: false,
  multiDelete: 'kept',
  refusesRemoval: undefined,
  writesWantDigest: false,
  withoutListBucket: false,
  anonymousRead: false,
  redirectsToRegion: false,
  clockOffsetMs: 0,
  answers: [],
};

/**
 * All quirks, with those that are given in place of S3's ways.
 * @param {Partial<Quirks>} given
 * @returns {Quirks}
 */
export function quirksOf(given) {
  const unknown = Object.keys(given).filter((name) => !(name in AS_S3_IS));
  if (unknown.length > 0) throw new TypeError(`no such quirk: ${unknown.join(', ')}`);
  return Object.seal({ ...AS_S3_IS, ...given });
}

/** Finds which rule of `quirks.answers` strikes a request. Rules count on their own, also where they are set again. */
export class AnswerRules {
  /** @type {WeakMap<AnswerRule, number>} */
  #matched = new WeakMap();

  /**
   * What is to be answered in place of the truth, or undefined.
   *
   * @param {Quirks} quirks
   * @param {S3Request} request
   * @returns {SpoiledAnswer | undefined}
   */
  next({ answers }, { operation, key }) {
    for (const rule of answers) {
      const isOn = rule.on === undefined || [rule.on].flat().includes(operation);
      const isOfKey = rule.key === undefined || byteString(rule.key) === key;
      if (!isOn || !isOfKey) continue;
      const count = (this.#matched.get(rule) ?? 0) + 1;
      this.#matched.set(rule, count);
      const { skip = 0, times = Infinity } = rule;
      if (count > skip && count <= skip + times) return rule.answer;
    }
    return undefined;
  }
}
