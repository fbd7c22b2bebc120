/** All privileges, by kind of object. A privilege without a rule in `access.ts` does not compile. */
export interface Privileges {
  /** The service as a whole, which Databend writes as `*.*`. */
  readonly service: 'CreateStage' | 'ShowStages' | 'CreateConnection' | 'ShowConnections' | 'Monitor';
  /** The caller's own session, with its statements and their results. */
  readonly session: 'Use';
  readonly stage: 'Read' | 'Write' | 'Alter' | 'Drop';
  readonly connection: 'Access' | 'Drop';
  /** The status of an upload. */
  readonly upload: 'Read';
}

/** The properties of an object that rules read, by its kind. */
export interface Objects {
  readonly service: { readonly kind: 'service' };
  readonly session: { readonly kind: 'session' };
  readonly stage: {
    readonly kind: 'stage';
    readonly name: string;
    /** The name of the user whose own stage this is; undefined for a named stage. */
    readonly owner?: string | undefined;
  };
  readonly connection: { readonly kind: 'connection'; readonly name: string };
  /** `owner` is the name of the user who sent it. */
  readonly upload: { readonly kind: 'upload'; readonly owner: string };
}

export type ObjectKind = keyof Objects & keyof Privileges;
export type ObjectOf<Kind extends ObjectKind> = Objects[Kind] & { readonly kind: Kind };

export const SERVICE: Objects['service'] = { kind: 'service' };
export const SESSION: Objects['session'] = { kind: 'session' };
