/** Credentials of a kind of storage under a name, for the stages that will be made with them. */
export interface NamedConnection {
  readonly id: string;
  readonly name: string;
  /** The scheme of the URLs that it goes with, in lower case: `s3`. */
  readonly storageType: string;
  /** As Databend shows a user: `'root'@'%'`. */
  readonly creator: string;
  readonly createdOn: Date;
  /**
   * Decrypts the options: the values as the user wrote them, the names in lower case.
   *
   * @throws SealedBoxError
   */
  readonly decryptOptions: () => ReadonlyMap<string, string>;
}
