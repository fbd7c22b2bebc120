/** Named credentials for one type of storage, which new stages can use. */
export interface NamedConnection {
  readonly id: string;
  readonly name: string;
  /** URL scheme of the storage, in lower case: `s3`. */
  readonly storageType: string;
  /** Databend's form of a user name: `'root'@'%'`. */
  readonly creator: string;
  readonly createdOn: Date;
  /** The id of the role that owns it. */
  readonly ownerRole: string;
  /**
   * Decrypts the options: the values as the user wrote them, the names in lower case.
   *
   * @throws SealedBoxError
   */
  readonly decryptOptions: () => ReadonlyMap<string, string>;
}
