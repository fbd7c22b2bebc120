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
}

/** Stores its files in a store of the user. They stay when the stage is dropped. */
export interface ExternalStage extends NamedStage {
  readonly kind: 'external';
  /** Decrypts the connection. @throws SealedBoxError */
  readonly decryptConnection: () => StorageConnection;
}

export type CatalogStage = InternalStage | ExternalStage;
export type Stage = UserStage | CatalogStage;
