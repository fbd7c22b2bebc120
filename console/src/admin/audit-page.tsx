import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { useSettled } from '../lib/use-settled.js';
import { useRights } from '../session/use-rights.js';
import { ErrorNotice } from '../ui/notice.js';
import { WhyNot } from '../ui/why-not.js';
import { AuditFilters } from './audit-filters.js';
import { auditQuery, NO_FILTER, type AuditFilter } from './audit-filter.js';
import { AuditTable } from './audit-table.js';

/** Events of a page. */
const PAGE = 100;

/** Who did what, the latest first. */
export function AuditPage(): ReactElement {
  const { isKnown, hasAll } = useRights();
  return (
    <>
      <h1>Audit</h1>
      {hasAll && <Events />}
      {isKnown && !hasAll && (
        <WhyNot
          text="The audit is for administrators."
          reason="It shows who did what with every stage. An administrator can make you one: GRANT ROLE account_admin TO …;"
        />
      )}
    </>
  );
}

function Events(): ReactElement {
  const [filter, setFilter] = useState<AuditFilter>(NO_FILTER);
  const settled = useSettled(filter); // each reading is an event of the audit, too
  const events = useInfiniteQuery({
    queryKey: ['audit', settled],
    queryFn: async ({ pageParam, signal }) => auditPage(settled, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const found = events.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <>
      <AuditFilters filter={filter} onChange={setFilter} />
      <ErrorNotice error={events.error} />
      {events.isPending && <p role="status">Loading…</p>}
      {events.isSuccess && found.length === 0 && <p role="status">No event matches.</p>}
      {found.length > 0 && <AuditTable events={found} />}
      {events.hasNextPage && (
        <p className="actions">
          <button
            type="button"
            aria-disabled={events.isFetching}
            onClick={() => {
              if (!events.isFetching) void events.fetchNextPage();
            }}
          >
            {events.isFetching ? 'Loading…' : 'Show earlier ones'}
          </button>
        </p>
      )}
    </>
  );
}

async function auditPage(
  filter: AuditFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Schemas['AuditPage']> {
  const query = { ...auditQuery(filter), limit: PAGE, ...(cursor === null ? {} : { cursor }) };
  return bodyOf(api.GET('/v1/audit', { params: { query }, signal }));
}
