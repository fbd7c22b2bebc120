/** A column of the database that holds texts of `SealedBox`. The key rotation encrypts them again with another key. */
export interface EncryptedColumn {
  /** A plural noun for messages: `stages`. */
  readonly label: string;
  readonly table: string;
  readonly column: string;
  /** The columns that identify a row: the input of `rowOf`. */
  readonly names: readonly string[];
  /** The row name that `SealedBox` got for a text. */
  readonly rowOf: (names: Readonly<Record<string, string>>) => string;
}
