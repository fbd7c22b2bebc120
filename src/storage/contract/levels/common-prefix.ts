/** Stands for all objects whose keys begin with it. Ends in a slash, as in S3. */
export interface CommonPrefix {
  readonly prefix: string;
}
