import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { FileFormat } from '../file-formats/file-format.js';

/** The name of every user's own stage. */
export const USER_STAGE_NAME = '~';

/** The caller's own stage: it is always there, is not listed, and nobody else sees it. */
export interface UserStage {
  readonly kind: 'user';
  readonly name: typeof USER_STAGE_NAME;
  readonly owner: string;
}

interface NamedStage {
  readonly id: string;
  readonly name: string;
  readonly fileFormat: FileFormat;
  readonly comment: string;
  /** As Databend shows a user: `'root'@'%'`. */
  readonly creator: string;
  readonly createdOn: Date;
}

/** Its files lie in the server's internal storage, and go with it. */
export interface InternalStage extends NamedStage {
  readonly kind: 'internal';
}

/** Its files lie in somebody's own store, and stay there when it is dropped. */
export interface ExternalStage extends NamedStage {
  readonly kind: 'external';
  /** Decrypts the connection. @throws SealedBoxError */
  readonly decryptConnection: () => StorageConnection;
}

export type CatalogStage = InternalStage | ExternalStage;
export type Stage = UserStage | CatalogStage;
