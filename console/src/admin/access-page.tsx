import { useState, type ReactElement } from 'react';
import { mayWithStage } from '../session/rights.js';
import { useRights } from '../session/use-rights.js';
import { useStages } from '../stages/stage-queries.js';
import { TextField } from '../ui/fields.js';
import { ErrorNotice } from '../ui/notice.js';
import { WhyNot } from '../ui/why-not.js';
import { GrantMatrix } from './grant-matrix.js';
import { useRoles } from '../lib/people.js';

/** Each stage takes a request. */
const SHOWN_AT_ONCE = 25;

/** Which role may do what with which stage, of those about which the reader decides. */
export function AccessPage(): ReactElement {
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const rights = useRights();
  const [stages, roles] = [useStages(), useRoles()];
  const own = (stages.data ?? []).filter(({ name }) => mayWithStage(rights, 'grant', name));
  const found = own.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const isReady = stages.isSuccess && roles.isSuccess && rights.isKnown;
  return (
    <>
      <h1>Access</h1>
      <p>
        What each role may do with each stage. A choice holds from the next request on. Administrators may use
        every stage; what is given to <code>public</code>, everybody has.
      </p>
      <div className="toolbar">
        <TextField label="Search stages" type="search" value={search} onChange={setSearch} />
      </div>
      <ErrorNotice error={stages.error ?? roles.error} />
      {!isReady && <p role="status">Loading…</p>}
      {isReady && own.length === 0 && (
        <WhyNot text="There is no stage that you decide about." reason={NONE} />
      )}
      {isReady && own.length > 0 && (
        <GrantMatrix stages={found.slice(0, shown).map(({ name }) => name)} roles={roles.data} />
      )}
      {found.length > shown && (
        <p className="actions">
          <button
            type="button"
            onClick={() => {
              setShown(shown + SHOWN_AT_ONCE);
            }}
          >
            Show more of {found.length.toLocaleString('en')}
          </button>
        </p>
      )}
    </>
  );
}

const NONE =
  'Who may use a stage is decided by the role that owns it, and by whoever has the privilege GRANT on *.*: ask an administrator.';
