/** A column of the database whose texts the sealed box has made: for who encrypts them anew under another key. */
export interface EncryptedColumn {
  /** Several of them, in a sentence. */
  readonly label: string;
  readonly table: string;
  readonly column: string;
  /** The columns that name a row, and that `rowOf` needs. */
  readonly names: readonly string[];
  /** What the text of a row is bound to. */
  readonly rowOf: (names: Readonly<Record<string, string>>) => string;
}
