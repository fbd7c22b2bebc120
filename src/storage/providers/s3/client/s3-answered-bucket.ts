/** An access point alias, which stands for a bucket of another name. */
const ACCESS_POINT = '-s3alias';

/** Does an answer name the requested bucket? */
export function isRequestedBucket(answered: string, requested: string): boolean {
  return answered === requested || requested.endsWith(ACCESS_POINT);
}
