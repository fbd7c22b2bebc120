/** A name as it stands in JSON and SQL, and as it stands in URLs, headers and forms. */
export interface HostileName {
  readonly text: string;
  readonly bytes: Buffer;
}

/** All hostile names that were thought of, and so many more that are made of their pieces. */
export function hostileNames(seed: number, randomCount: number): HostileName[];
