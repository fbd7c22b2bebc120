import type { Quota } from '../../access/quota.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { FileFormat } from '../file-formats/file-format.js';

/** Name of every user's own stage. */
export const USER_STAGE_NAME = '~';

/** The caller's own stage. It always exists, is never listed, and is visible to its owner only. */
export interface UserStage {
  readonly kind: 'user';
  readonly name: typeof USER_STAGE_NAME;
  /** The user's id: a user who is dropped leaves nothing to a successor of the same name. */
  readonly userId: string;
  readonly quota: Quota | null;
}

interface NamedStage {
  readonly id: string;
  readonly name: string;
  readonly fileFormat: FileFormat;
  readonly comment: string;
  /** Databend's form of a user name: `'root'@'%'`. */
  readonly creator: string;
  readonly createdOn: Date;
  /** The id of the role that owns it. */
  readonly ownerRole: string;
}

/** Stores its files in the server's internal storage. They are deleted with the stage. */
export interface InternalStage extends NamedStage {
  readonly kind: 'internal';
  readonly quota: Quota | null;
}

/** A named connection that a stage refers to: the stage is always reached by its options. */
export interface ConnectionRef {
  readonly id: string;
  /** Null if it does not exist any more. */
  readonly name: string | null;
}

/** The location of an external stage, and how it is reached. */
export interface ExternalLocation {
  readonly connection: StorageConnection;
  /** Null for a connection of its own. */
  readonly ref: ConnectionRef | null;
}

/** Stores its files in a store of the user. They stay when the stage is dropped. */
export interface ExternalStage extends NamedStage {
  readonly kind: 'external';
  readonly connectionRef: ConnectionRef | null;
  /** Decrypts what is stored with the stage: all but the options if it refers to a connection. @throws SealedBoxError */
  readonly decryptStored: () => StorageConnection;
  /** Decrypts the whole connection. @throws SealedBoxError, StageError of kind `MissingConnection`, StorageError */
  readonly decryptConnection: () => StorageConnection;
  /** Differs after each change of what is stored; empty before it is. */
  readonly storedVersion: string;
}

export type CatalogStage = InternalStage | ExternalStage;
export type Stage = UserStage | CatalogStage;

/** External stages have none: their stores are not the server's. */
export function quotaOfStage(stage: Stage): Quota | null {
  return stage.kind === 'external' ? null : stage.quota;
}

/** The fields of an external stage that follow from its location. */
export function externalFields({ connection, ref }: ExternalLocation): Omit<ExternalStage, keyof NamedStage> {
  const stored = ref === null ? connection : { ...connection, options: {} };
  return {
    kind: 'external',
    connectionRef: ref,
    decryptStored: () => stored,
    decryptConnection: () => connection,
    storedVersion: '',
  };
}
