import { useVirtualizer } from '@tanstack/react-virtual';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { Notice } from '../ui/notice.js';
import { EmptyFolder } from './empty-folder.js';
import { EntryIndex, type EntryPage } from './file-list.js';
import { FileRow, type RowContext } from './file-row.js';

/** Pixels. A browser draws nothing below 33,554,432 of them: a million rows fit. */
const ROW_HEIGHT = 32;
const OVERSCAN = 12;
/** The next page is asked for when so many rows are left to scroll. */
const AHEAD = 400;

interface FileTableProps extends RowContext {
  readonly list: UseInfiniteQueryResult<InfiniteData<EntryPage>>;
  readonly isFiltered: boolean;
}

export function FileTable({ list, isFiltered, ...context }: FileTableProps): ReactElement {
  const index = useMemo(() => new EntryIndex(list.data?.pages ?? []), [list.data]);
  const unlisted = list.data?.pages.flatMap((page) => page.unlisted) ?? [];
  if (list.isSuccess && index.count === 0 && !list.hasNextPage) {
    return <EmptyFolder stage={context.stage} folder={context.folder} isFiltered={isFiltered} />;
  }
  return (
    <>
      {unlisted.length > 0 && (
        <Notice>
          These folders cannot be read by the server, and may hold more files: {unlisted.join(', ')}
        </Notice>
      )}
      <Rows index={index} list={list} context={context} />
      <p className="count" role="status">
        {countOf(index.count, list)}
      </p>
    </>
  );
}

interface RowsProps extends Pick<FileTableProps, 'list'> {
  readonly index: EntryIndex;
  readonly context: RowContext;
}

function Rows({ index, list, context }: RowsProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: index.count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && last >= index.count - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage, last, index]);
  return (
    <div className="file-frame" ref={frame} tabIndex={0} role="region" aria-label="Files">
      <div
        role="table"
        aria-label="Files"
        aria-rowcount={hasNextPage ? -1 : index.count + 1}
        aria-colcount={6}
      >
        <HeaderRow />
        <div
          role="rowgroup"
          className="file-rows"
          style={{ height: `${String(virtualizer.getTotalSize())}px` }}
        >
          {rows.map((row) => (
            <FileRow
              key={row.key}
              entry={index.at(row.index)}
              number={row.index}
              top={row.start}
              context={context}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const COLUMNS = ['Name', 'Size', 'Modified', 'md5', 'By'];

function HeaderRow(): ReactElement {
  return (
    <div role="rowgroup" className="file-head">
      <div role="row" aria-rowindex={1} className="file-row">
        <span role="columnheader" className="choose">
          <span className="visually-hidden">Chosen</span>
        </span>
        {COLUMNS.map((text) => (
          <span role="columnheader" key={text} className={text.toLowerCase()}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

function countOf(
  count: number,
  { isPending, hasNextPage, isFetching, isError }: FileTableProps['list'],
): string {
  if (isPending) return 'Loading…';
  if (isError && count === 0) return '';
  const names = `${count.toLocaleString('en')} ${count === 1 ? 'name' : 'names'}`;
  if (!hasNextPage) return names;
  return `${names} so far${isFetching ? ', loading more…' : ', more when you scroll'}`;
}
