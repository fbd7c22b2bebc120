/** In what a store is not as AWS is, as its answers have told. */
export class S3Dialect {
  /** Every write must come with a digest of its body: a bucket with Object Lock. */
  writesWantDigest = false;
  /** It removes one object by a request, and knows no other way. */
  lacksMultiDelete = false;
  /** It has said of something that it is not there. */
  reportsMissingObjects = false;
}
