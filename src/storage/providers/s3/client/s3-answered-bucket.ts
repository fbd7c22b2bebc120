/** Such an alias stands for a bucket of another name. */
const ACCESS_POINT = '-s3alias';

/** Is the bucket that an answer names the one that was asked? */
export function isRequestedBucket(answered: string, requested: string): boolean {
  return answered === requested || requested.endsWith(ACCESS_POINT);
}
