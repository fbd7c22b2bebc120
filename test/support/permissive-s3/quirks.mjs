/** A store as S3 is. Whatever is changed holds from the next request on; `permissive-s3.d.mts` says what each means. */
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

/** All quirks, with those that are given in place of S3's ways. */
export function quirksOf(given) {
  const unknown = Object.keys(given).filter((name) => !(name in AS_S3_IS));
  if (unknown.length > 0) throw new TypeError(`no such quirk: ${unknown.join(', ')}`);
  return Object.seal({ ...AS_S3_IS, ...given });
}

/** Finds which rule of `quirks.answers` strikes a request. Rules count on their own, also where they are set again. */
export class AnswerRules {
  #matched = new WeakMap();

  /** @returns what is to be answered in place of the truth, or undefined. */
  next({ answers }, { operation, key }) {
    for (const rule of answers) {
      const isOn = rule.on === undefined || [rule.on].flat().includes(operation);
      const isOfKey = rule.key === undefined || Buffer.from(rule.key).toString('latin1') === key;
      if (!isOn || !isOfKey) continue;
      const count = (this.#matched.get(rule) ?? 0) + 1;
      this.#matched.set(rule, count);
      const { skip = 0, times = Infinity } = rule;
      if (count > skip && count <= skip + times) return rule.answer;
    }
    return undefined;
  }
}
