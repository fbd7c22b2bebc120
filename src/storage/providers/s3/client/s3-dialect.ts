/** Differences between a store and AWS, learned from its answers. */
export class S3Dialect {
  /** Does every write need a digest of its body? A bucket with Object Lock requires it. */
  writesWantDigest = false;
  /** Can the store remove only one object per request? */
  lacksMultiDelete = false;
  /** Has the store reported an object as missing? */
  reportsMissingObjects = false;
}
