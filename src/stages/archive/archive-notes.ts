/** Name of the list of what is not in the archive as it is in the stage. */
export const NOTES_NAME = '_notes.csv';

/** Differences between an archive and the stage. */
export class ArchiveNotes {
  readonly #rows: string[] = [];

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  renamed(nameInStage: string, name: string): void {
    this.#rows.push(row(name, nameInStage, 'renamed'));
  }

  removed(nameInStage: string): void {
    this.#rows.push(row('', nameInStage, 'removed while the archive was made'));
  }

  toBuffer(): Buffer {
    return Buffer.from(['name,name_in_stage,note', ...this.#rows, ''].join('\r\n'));
  }
}

function row(...fields: readonly string[]): string {
  return fields.map((field) => `"${field.toWellFormed().replaceAll('"', '""')}"`).join(',');
}
