import { useQuery } from '@tanstack/react-query';
import { runWhole } from '../lib/run-statement.js';
import { useStore } from '../lib/store.js';
import { ALL_RIGHTS, NO_RIGHTS, parseRights, type Rights } from './rights.js';
import { isAdministrator, sessionState } from './session.js';

/** Key of the query about rights. */
export const RIGHTS = 'rights';

/** Grants of others bite at once; what is offered follows within this time. */
const STALE_MS = 30_000;

/** What the reader may do. Nothing is offered before it is known, and everything where the server does not tell it. */
export function useRights(): Rights {
  const { session } = useStore(sessionState);
  const administers = session !== undefined && isAdministrator(session);
  const rights = useQuery({
    queryKey: [RIGHTS, session?.user],
    enabled: session !== undefined && !administers,
    staleTime: STALE_MS,
    queryFn: ownRights,
  });
  if (administers || rights.isError) return ALL_RIGHTS;
  return rights.data ?? NO_RIGHTS;
}

async function ownRights(): Promise<Rights> {
  const administers = await runWhole("SELECT is_role_in_session('account_admin')");
  if (administers.rows[0]?.[0] === '1') return ALL_RIGHTS;
  const { rows, columns } = await runWhole('SHOW GRANTS');
  return parseRights(
    rows,
    columns.map(({ name }) => name),
  );
}
