export interface OpenOptions {
  /** Run missing migrations? If not, an older database is refused. */
  readonly migrates: boolean;
  /** May the database hold a part of a copy? Only the copy itself opens such a database. */
  readonly mayBeUnfinished?: boolean;
}
