import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { Notice } from '../../ui/notice.js';
import { MOST_CHOSEN, NONE_CHOSEN, withEntries } from '../chosen-files.js';
import { EmptyFolder } from '../empty-folder.js';
import { allOf, ListedEntries, type Entries } from './entries.js';
import { FileHead } from './file-head.js';
import { isCut, type FileList } from './file-list.js';
import { FileRow, ROW_HEIGHT, type RowContext } from './file-row.js';
import { useRowsInSight } from './rows-in-sight.js';
import type { SortOrder } from './sorting.js';
import { useSorted } from './use-sorted.js';

/** The next page is asked for when so many rows are left to scroll. */
const AHEAD = 400;
const TOO_MANY = `At most ${MOST_CHOSEN.toLocaleString('en')} names can be chosen at once. List fewer by how names begin, or choose the folder that holds them.`;

interface FileTableProps extends RowContext {
  readonly list: FileList;
  readonly isFiltered: boolean;
}

export function FileTable({ list, isFiltered, ...context }: FileTableProps): ReactElement {
  const [order, setOrder] = useState<SortOrder>();
  const listed = useMemo(() => new ListedEntries(list.data?.pages ?? []), [list.data]);
  const sorted = useSorted(listed, list.hasNextPage ? undefined : order);
  const unlisted = useMemo(() => list.data?.pages.flatMap((page) => page.unlisted) ?? [], [list.data]);
  if (list.isSuccess && listed.count === 0 && !list.hasNextPage) {
    return <EmptyFolder stage={context.stage} folder={context.folder} isFiltered={isFiltered} />;
  }
  return (
    <>
      {unlisted.length > 0 && (
        <Notice>
          These folders cannot be read by the server, and may hold more files: {unlisted.join(', ')}
        </Notice>
      )}
      <Rows {...{ list, context, order }} entries={sorted ?? listed} onOrder={setOrder} />
      <p className="count" role="status">
        {countOf(listed.count, list, order !== undefined && sorted === undefined)}
      </p>
    </>
  );
}

interface RowsProps extends Pick<FileTableProps, 'list'> {
  readonly entries: Entries;
  readonly context: RowContext;
  readonly order: SortOrder | undefined;
  readonly onOrder: (order: SortOrder | undefined) => void;
}

function Rows({ entries, list, context, order, onOrder }: RowsProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const { count } = entries;
  const { chosen, onChoose } = context;
  const [isTooMany, setIsTooMany] = useState(false);
  const { numbers, most } = useRowsInSight(frame, count, ROW_HEIGHT);
  useNextPages(list, order !== undefined || (numbers.at(-1) ?? 0) >= count - AHEAD);
  const chooseAll = (isChosen: boolean): void => {
    const isWithin = count <= MOST_CHOSEN;
    setIsTooMany(isChosen && !isWithin);
    onChoose(isChosen && isWithin ? withEntries(NONE_CHOSEN, allOf(entries)) : NONE_CHOSEN);
  };
  const isAllChosen = chosen.size > 0 && chosen.size === count;
  return (
    <>
      {isTooMany && <Notice>{TOO_MANY}</Notice>}
      <div className="file-frame" ref={frame} tabIndex={0} role="region" aria-label="Files">
        <div
          role="table"
          aria-label="Files"
          aria-rowcount={list.hasNextPage ? -1 : count + 1}
          aria-colcount={6}
        >
          <FileHead {...{ order, onOrder, isAllChosen }} onChooseAll={chooseAll} />
          <div role="rowgroup" className="file-rows" style={{ height: `${String(count * ROW_HEIGHT)}px` }}>
            {numbers.map((number) => (
              <FileRow key={number % most} {...{ entries, number, context }} />
            ))}
          </div>
        </div>
      </div>
    </>
  );
}

/** Asks for the next page as long as more rows are wanted. */
function useNextPages(list: FileList, isWanted: boolean): void {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (isWanted && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [isWanted, hasNextPage, isFetching, isError, fetchNextPage, data]);
}

function countOf(count: number, list: FileList, isToBeSorted: boolean): string {
  const { isPending, hasNextPage, isFetching, isError } = list;
  if (isPending) return 'Loading…';
  if (isError && count === 0) return '';
  const names = `${count.toLocaleString('en')} ${count === 1 ? 'name' : 'names'}`;
  if (isToBeSorted) return `${names}${hasNextPage ? ' so far: all are read, to be' : ' are being'} sorted…`;
  if (isCut(list)) return `The first ${names}. There are more: say how names begin, or a pattern.`;
  if (!hasNextPage) return names;
  return `${names} so far${isFetching ? ', loading more…' : ', more when you scroll'}`;
}
