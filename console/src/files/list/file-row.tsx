import { memo, useLayoutEffect, useRef, type ReactElement, type RefObject } from 'react';
import { routeHref } from '../../app/route.js';
import { formatBytes, formatSize } from '../../lib/format-size.js';
import { localTime, utcTime } from '../../lib/format-time.js';
import { withEntries, withoutName, type ChosenFiles } from '../chosen-files.js';
import type { Entries } from './entries.js';
import { shownName, type FileEntry } from './file-entry.js';

/** Properties that all rows of a listing share. */
export interface RowContext {
  readonly stage: string;
  readonly folder: string;
  readonly chosen: ChosenFiles;
  readonly onChoose: (chosen: ChosenFiles) => void;
}

interface FileRowProps {
  readonly entries: Entries;
  readonly number: number;
  readonly context: RowContext;
}

/** Pixels, as in the styles. A browser draws nothing below 33,554,432 of them. */
export const ROW_HEIGHT = 32;

/** Shows one line. Its elements show another one when the list is scrolled: a browser frees those that are thrown away late. */
export const FileRow = memo(function FileRow({
  entries,
  number,
  context,
}: FileRowProps): ReactElement | null {
  const row = useRef<HTMLDivElement>(null);
  useFocusOfLine(row, number);
  const entry = entries.at(number);
  if (entry === undefined) return null;
  const { stage, folder, chosen, onChoose } = context;
  const { name } = entry;
  const text = shownName(name, folder);
  const href = hrefOf(entry, stage, folder);
  return (
    <div
      ref={row}
      role="row"
      aria-rowindex={number + 2}
      className="file-row"
      style={{ transform: `translateY(${String(number * ROW_HEIGHT)}px)` }}
    >
      <span role="cell" className="choose">
        <input
          type="checkbox"
          aria-label={`Choose ${text}`}
          checked={chosen.has(name)}
          onChange={(event) => {
            const isChosen = event.currentTarget.checked;
            onChoose(isChosen ? withEntries(chosen, [entry]) : withoutName(chosen, name));
          }}
        />
      </span>
      <span role="cell" className="name">
        <a href={href} className={entry.kind} title={name}>
          {text}
        </a>
      </span>
      {entry.kind === 'file' ? <FileCells file={entry} /> : <FolderCells />}
    </div>
  );
});

/** Gives the focus to the list where its line has left: a key is not to choose another one. */
function useFocusOfLine(row: RefObject<HTMLDivElement | null>, number: number): void {
  useLayoutEffect(() => {
    const { current: element } = row;
    return () => {
      if (element?.contains(document.activeElement) === true)
        element.closest<HTMLElement>('.file-frame')?.focus({ preventScroll: true });
    };
  }, [row, number]);
}

function hrefOf({ kind, name }: FileEntry, stage: string, folder: string): string {
  return routeHref(
    kind === 'folder' ? { page: 'files', stage, folder: name } : { page: 'files', stage, folder, file: name },
  );
}

function FileCells({ file }: { readonly file: Extract<FileEntry, { kind: 'file' }> }): ReactElement {
  const modified = new Date(file.modifiedAt);
  return (
    <>
      <span role="cell" className="size" title={formatBytes(file.size)}>
        {formatSize(file.size)}
      </span>
      <span role="cell" className="modified" title={utcTime(modified)}>
        {localTime(modified)}
      </span>
      <span role="cell" className="md5">
        {file.md5}
      </span>
      <span role="cell" className="by">
        {file.creator}
      </span>
    </>
  );
}

function FolderCells(): ReactElement {
  return (
    <>
      <span role="cell" className="size">
        folder
      </span>
      <span role="cell" className="modified" />
      <span role="cell" className="md5" />
      <span role="cell" className="by" />
    </>
  );
}
