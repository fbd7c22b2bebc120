/** Files by their paths below a directory, whose own path ends in a slash. */
export interface StatRequest {
  readonly directory: string;
  readonly names: readonly string[];
}

/** Numbers of each name in turn: the size (-1 where it is no file), the time of the last change in milliseconds, the inode. */
export type StatAnswer = Float64Array<ArrayBuffer>;

export const NUMBERS_A_FILE = 3;
