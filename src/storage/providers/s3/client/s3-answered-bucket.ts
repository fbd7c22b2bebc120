/** Such an alias stands for a bucket of another name. */
const ACCESS_POINT = '-s3alias';

/** Is the bucket that an answer names the one that was asked? */
export function isAskedBucket(answered: string, asked: string): boolean {
  return answered === asked || asked.endsWith(ACCESS_POINT);
}
