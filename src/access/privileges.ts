/** All privileges, by kind of object. A privilege without a rule in `access.ts` does not compile. */
export interface Privileges {
  /** The service as a whole, which Databend writes as `*.*`. */
  readonly service:
    | 'CreateStage'
    /** The same in a role that the request chooses: any of the user's roles may give it. */
    | 'CreateStageInSomeRole'
    /** To create a stage in a folder of the server's machine. */
    | 'UseServerFolders'
    | 'ShowStages'
    | 'CreateConnection'
    | 'ShowConnections'
    | 'CreateUser'
    | 'CreateRole'
    | 'ShowUsers'
    | 'ShowRoles'
    | 'ShowGrants'
    | 'Grant'
    /** To list one's own uploads. */
    | 'ShowUploads'
    | 'ShowAllUploads'
    /** To limit what stages may hold. */
    | 'SetQuotas'
    /** To read who did what. */
    | 'ShowAudit'
    | 'Monitor';
  /**
   * The caller's own session. `SignIn` is what even a user has who must change the password: to sign in, and to ask by the query
   * protocol. `Use` is to run statements; `ChooseRoles`, to say which of one's roles are in effect.
   */
  readonly session: 'SignIn' | 'Use' | 'ChooseRoles' | 'ChangePassword' | 'ManageTokens';
  /** `Own` is to give the stage to another role; `Grant`, to give others privileges on it. */
  readonly stage: 'Read' | 'Write' | 'Alter' | 'Drop' | 'Grant' | 'Own';
  /** `Alter` is to change its options, which stages that refer to it follow. */
  readonly connection: 'Access' | 'Alter' | 'Drop' | 'Grant' | 'Own';
  /** `ShowGrants` is to see what the user or role has been granted. */
  readonly user: 'Show' | 'ShowGrants' | 'Alter' | 'Drop' | 'Grant';
  /** `Grant` is to give the role to somebody. */
  readonly role: 'Show' | 'ShowGrants' | 'Alter' | 'Drop' | 'Grant';
  /** A privilege on the service, in Databend's words. */
  readonly right: 'Grant';
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
    /** Unique for each creation; `~` for a user's own stage. */
    readonly id: string;
    /** The id of the user whose own stage this is; undefined for a named stage. */
    readonly userId?: string | undefined;
    /** The id of the role that owns it; undefined for a user's own stage. */
    readonly ownerRole?: string | undefined;
  };
  readonly connection: {
    readonly kind: 'connection';
    readonly name: string;
    readonly id: string;
    readonly ownerRole: string;
  };
  readonly user: { readonly kind: 'user'; readonly id: string; readonly administers: boolean };
  /** `administers` if it is the role of administrators, or contains it. */
  readonly role: { readonly kind: 'role'; readonly id: string; readonly administers: boolean };
  readonly right: { readonly kind: 'right'; readonly word: string };
  /** `userId` is that of the user who sent it. */
  readonly upload: { readonly kind: 'upload'; readonly userId: string };
}

export type ObjectKind = keyof Objects & keyof Privileges;
export type ObjectOf<Kind extends ObjectKind> = Objects[Kind] & { readonly kind: Kind };

export const SERVICE: Objects['service'] = { kind: 'service' };
export const SESSION: Objects['session'] = { kind: 'session' };
