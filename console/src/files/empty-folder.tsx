import type { ReactElement } from 'react';
import { uploadCommand } from '../lib/upload-command.js';
import { currentUser } from '../session/session.js';
import { CopyText } from '../ui/copy-text.js';

interface EmptyFolderProps {
  readonly stage: string;
  readonly folder: string;
  readonly isFiltered: boolean;
}

export function EmptyFolder({ stage, folder, isFiltered }: EmptyFolderProps): ReactElement {
  if (isFiltered) {
    return <p role="status">No name matches. Shorten the beginning or the pattern.</p>;
  }
  return (
    <section className="empty">
      <p role="status">There are no files here yet.</p>
      <p>Drop files or whole folders onto this page, choose them by the buttons above, or send them:</p>
      <CopyText label="Upload by curl" text={uploadCommand(currentUser(), stage, folder)} />
    </section>
  );
}
