/** Named credentials for one type of storage, which stages can copy or refer to. */
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
  /** Differs after each change of the options; empty before they are stored. */
  readonly version: string;
  /**
   * Decrypts the options: the values as the user wrote them, the names in lower case.
   *
   * @throws SealedBoxError
   */
  readonly decryptOptions: () => ReadonlyMap<string, string>;
}
