import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useRoles, useUsers } from '../lib/people.js';
import type { Schemas } from '../lib/api.js';
import { ChoiceField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { RowButton } from '../ui/row-button.js';
import {
  LEVELS,
  refreshGrants,
  setLevel,
  useStageGrants,
  type Grantee,
  type Level,
} from './grant-queries.js';

interface StageGrantsProps {
  readonly stage: string;
  readonly onClose: () => void;
}

const KINDS = [
  { value: 'user', text: 'a user' },
  { value: 'role', text: 'a role' },
] as const;

/** Shows the grants of a stage, and a form for another one. */
export function StageGrants({ stage, onClose }: StageGrantsProps): ReactElement {
  const grants = useStageGrants(stage);
  return (
    <Modal title={`Who may use ${stage}`} onClose={onClose}>
      <ErrorNotice error={grants.error} />
      {grants.isPending && <p role="status">Loading…</p>}
      {grants.isSuccess && (
        <>
          <p>
            Its owner is the role <strong>{grants.data.owner}</strong>. Administrators may use every stage.
          </p>
          <GrantTable stage={stage} grants={grants.data.grants} />
          <GrantForm stage={stage} />
        </>
      )}
    </Modal>
  );
}

interface GrantTableProps {
  readonly stage: string;
  readonly grants: Schemas['StageGrants']['grants'];
}

function GrantTable({ stage, grants }: GrantTableProps): ReactElement {
  const revoking = useMutation({
    mutationFn: async (grantee: Grantee) => setLevel(stage, grantee, undefined),
    onSuccess: async () => refreshGrants(stage),
  });
  if (grants.length === 0) return <p>Nobody else has been given access.</p>;
  return (
    <>
      <ErrorNotice error={revoking.error} />
      <ul className="grants" tabIndex={0} aria-label="Who has access">
        {grants.map(({ grantee, privileges }) => (
          <li key={`${grantee.kind} ${grantee.name}`}>
            <span>
              {grantee.kind} <strong>{grantee.name}</strong>: {privileges.join(' and ').toLowerCase()}
            </span>
            <RowButton
              text="Take away"
              label={`Take the access of ${grantee.name}`}
              onClick={() => {
                revoking.mutate(grantee);
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function GrantForm({ stage }: Pick<GrantTableProps, 'stage'>): ReactElement {
  const [kind, setKind] = useState<Grantee['kind']>('user');
  const [name, setName] = useState('');
  const [level, setChosen] = useState<Level>('READ');
  const granting = useMutation({
    mutationFn: async () => setLevel(stage, { kind, name }, level),
    onSuccess: async () => {
      setName('');
      await refreshGrants(stage);
    },
  });
  return (
    <Form submit="Give access" isBusy={granting.isPending} onSubmit={granting.mutate}>
      <ChoiceField label="To whom" value={kind} choices={KINDS} onChange={setKind} />
      <TextField label="Name" value={name} required suggestions={useNames(kind)} onChange={setName} />
      <ChoiceField label="May" value={level} choices={LEVELS} onChange={setChosen} />
      <ErrorNotice error={granting.error} />
    </Form>
  );
}

/** Names of those whom the reader may see. */
function useNames(kind: Grantee['kind']): readonly string[] {
  const [users, roles] = [useUsers(), useRoles()];
  return ((kind === 'user' ? users : roles).data ?? []).map(({ name }) => name);
}
