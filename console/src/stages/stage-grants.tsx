import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../app/query-client.js';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { ChoiceField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { RowButton } from '../ui/row-button.js';

type Privilege = Schemas['StageGrant']['privileges'][number];
type Grantee = Schemas['GranteeName'];

interface StageGrantsProps {
  readonly stage: string;
  readonly onClose: () => void;
}

const LEVELS = [
  { value: 'READ', text: 'read' },
  { value: 'READ,WRITE', text: 'read and write' },
  { value: 'WRITE', text: 'write' },
] as const;
const KINDS = [
  { value: 'user', text: 'a user' },
  { value: 'role', text: 'a role' },
] as const;

/** Shows the grants of a stage, and a form for another one. */
export function StageGrants({ stage, onClose }: StageGrantsProps): ReactElement {
  const key = ['grants', stage];
  const grants = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) =>
      bodyOf(api.GET('/v1/stages/{name}/grants', { params: { path: { name: stage } }, signal })),
  });
  const changed = async (): Promise<void> => queryClient.invalidateQueries({ queryKey: key });
  return (
    <Modal title={`Who may use ${stage}`} onClose={onClose}>
      <ErrorNotice error={grants.error} />
      {grants.isPending && <p role="status">Loading…</p>}
      {grants.isSuccess && (
        <>
          <p>
            Its owner is the role <strong>{grants.data.owner}</strong>. Administrators may use every stage.
          </p>
          <GrantTable stage={stage} grants={grants.data.grants} onChange={changed} />
          <GrantForm stage={stage} onChange={changed} />
        </>
      )}
    </Modal>
  );
}

interface GrantTableProps {
  readonly stage: string;
  readonly grants: Schemas['StageGrants']['grants'];
  readonly onChange: () => Promise<void>;
}

function GrantTable({ stage, grants, onChange }: GrantTableProps): ReactElement {
  const revoking = useMutation({
    mutationFn: async (grantee: Grantee) =>
      api.DELETE('/v1/stages/{name}/grants/{kind}/{grantee}', { params: { path: pathOf(stage, grantee) } }),
    onSuccess: onChange,
  });
  if (grants.length === 0) return <p>Nobody else has been given access.</p>;
  return (
    <>
      <ErrorNotice error={revoking.error} />
      <ul className="grants">
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

function GrantForm({ stage, onChange }: Omit<GrantTableProps, 'grants'>): ReactElement {
  const [kind, setKind] = useState<Grantee['kind']>('user');
  const [name, setName] = useState('');
  const [level, setLevel] = useState<(typeof LEVELS)[number]['value']>('READ');
  const granting = useMutation({
    mutationFn: async () => {
      const privileges = level.split(',') as Privilege[]; // of LEVELS
      const params = { path: pathOf(stage, { kind, name }) };
      await api.PUT('/v1/stages/{name}/grants/{kind}/{grantee}', { params, body: { privileges } });
    },
    onSuccess: async () => {
      setName('');
      await onChange();
    },
  });
  return (
    <Form submit="Give access" isBusy={granting.isPending} onSubmit={granting.mutate}>
      <ChoiceField label="To whom" value={kind} choices={KINDS} onChange={setKind} />
      <TextField label="Name" value={name} required onChange={setName} />
      <ChoiceField label="May" value={level} choices={LEVELS} onChange={setLevel} />
      <ErrorNotice error={granting.error} />
    </Form>
  );
}

function pathOf(
  stage: string,
  { kind, name }: Grantee,
): { name: string; kind: 'users' | 'roles'; grantee: string } {
  return { name: stage, kind: kind === 'user' ? 'users' : 'roles', grantee: name };
}
