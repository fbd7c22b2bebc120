import { useVirtualizer } from '@tanstack/react-virtual';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { Notice } from '../../ui/notice.js';
import { NONE_CHOSEN, withEntries } from '../chosen-files.js';
import { EmptyFolder } from '../empty-folder.js';
import { FileHead } from './file-head.js';
import type { EntryPage } from './file-entry.js';
import { EntryIndex, type Entries } from './file-list.js';
import { FileRow, type RowContext } from './file-row.js';
import { sortedEntries, type SortOrder } from './sorting.js';

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
  const [order, setOrder] = useState<SortOrder>();
  const index = useEntries(list, order);
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
      <Rows {...{ index, list, context, order }} onOrder={setOrder} />
      <p className="count" role="status">
        {countOf(index.count, list, order)}
      </p>
    </>
  );
}

/** The order of the listing, until all names are there for another one. */
function useEntries(list: FileTableProps['list'], order: SortOrder | undefined): Entries {
  const { data, hasNextPage } = list;
  return useMemo(() => {
    const pages = data?.pages ?? [];
    if (order === undefined || hasNextPage) return new EntryIndex(pages);
    const sorted = sortedEntries(pages, order);
    return { count: sorted.length, at: (index) => sorted[index] };
  }, [data, hasNextPage, order]);
}

interface RowsProps extends Pick<FileTableProps, 'list'> {
  readonly index: Entries;
  readonly context: RowContext;
  readonly order: SortOrder | undefined;
  readonly onOrder: (order: SortOrder | undefined) => void;
}

function Rows({ index, list, context, order, onOrder }: RowsProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: index.count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const rows = virtualizer.getVirtualItems();
  useNextPages(list, order !== undefined || (rows.at(-1)?.index ?? 0) >= index.count - AHEAD);
  const { chosen, onChoose } = context;
  return (
    <div className="file-frame" ref={frame} tabIndex={0} role="region" aria-label="Files">
      <div
        role="table"
        aria-label="Files"
        aria-rowcount={list.hasNextPage ? -1 : index.count + 1}
        aria-colcount={6}
      >
        <FileHead
          {...{ order, onOrder }}
          isAllChosen={chosen.size > 0 && chosen.size === index.count}
          onChooseAll={(isChosen) => {
            onChoose(isChosen ? withEntries(NONE_CHOSEN, allOf(index)) : NONE_CHOSEN);
          }}
        />
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

/** Asks for the next page as long as more rows are wanted. */
function useNextPages(list: FileTableProps['list'], isWanted: boolean): void {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (isWanted && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [isWanted, hasNextPage, isFetching, isError, fetchNextPage, data]);
}

function* allOf(entries: Entries): Generator<NonNullable<ReturnType<Entries['at']>>> {
  for (let index = 0; index < entries.count; index++) {
    const entry = entries.at(index);
    if (entry !== undefined) yield entry;
  }
}

function countOf(
  count: number,
  { isPending, hasNextPage, isFetching, isError }: FileTableProps['list'],
  order: SortOrder | undefined,
): string {
  if (isPending) return 'Loading…';
  if (isError && count === 0) return '';
  const names = `${count.toLocaleString('en')} ${count === 1 ? 'name' : 'names'}`;
  if (!hasNextPage) return names;
  if (order !== undefined) return `${names} so far: all are read, to be sorted…`;
  return `${names} so far${isFetching ? ', loading more…' : ', more when you scroll'}`;
}
