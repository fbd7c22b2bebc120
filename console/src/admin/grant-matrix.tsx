import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Schemas } from '../lib/api.js';
import {
  LEVELS,
  levelOf,
  refreshGrants,
  setLevel,
  useStageGrants,
  type Level,
} from '../stages/grant-queries.js';
import { errorText } from '../lib/error-text.js';

/** Has all by its nature. */
const ADMINISTRATORS = 'account_admin';

interface GrantMatrixProps {
  readonly stages: readonly string[];
  readonly roles: readonly Pick<Schemas['Role'], 'name'>[];
}

export function GrantMatrix({ stages, roles }: GrantMatrixProps): ReactElement {
  const names = roles.map(({ name }) => name).filter((name) => name !== ADMINISTRATORS);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Stages and roles">
      <table className="matrix">
        <caption className="visually-hidden">What each role may do with each stage</caption>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
            <th scope="col">Single users</th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage) => (
            <MatrixRow key={stage} stage={stage} roles={names} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MatrixRowProps {
  readonly stage: string;
  readonly roles: readonly string[];
}

function MatrixRow({ stage, roles }: MatrixRowProps): ReactElement {
  const grants = useStageGrants(stage);
  const changing = useMutation({
    mutationFn: async ({ role, level }: { readonly role: string; readonly level: Level | undefined }) =>
      setLevel(stage, { kind: 'role', name: role }, level),
    onSettled: async () => refreshGrants(stage),
  });
  const problem = changing.error ?? grants.error;
  return (
    <tr>
      <th scope="row">
        {stage}
        {problem !== null && (
          <small className="problem" role="alert">
            {errorText(problem)}
          </small>
        )}
      </th>
      {roles.map((role) => (
        <td key={role}>
          {grants.data !== undefined && (
            <MatrixCell
              {...{ stage, role, grants: grants.data }}
              onChange={(level) => {
                changing.mutate({ role, level });
              }}
            />
          )}
        </td>
      ))}
      <td className="wrap">{grants.data === undefined ? '' : usersOf(grants.data)}</td>
    </tr>
  );
}

interface MatrixCellProps {
  readonly stage: string;
  readonly role: string;
  readonly grants: Schemas['StageGrants'];
  readonly onChange: (level: Level | undefined) => void;
}

function MatrixCell({ stage, role, grants, onChange }: MatrixCellProps): ReactElement {
  if (grants.owner === role) return <span>owns it</span>;
  const given = grants.grants.find(({ grantee }) => grantee.kind === 'role' && grantee.name === role);
  return (
    <select
      aria-label={`${role} may do with ${stage}`}
      value={levelOf(given?.privileges ?? []) ?? ''}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onChange(LEVELS.find((level) => level.value === value)?.value);
      }}
    >
      <option value="">nothing</option>
      {LEVELS.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** As in `ada: read; bob: read and write`. */
function usersOf({ grants }: Schemas['StageGrants']): string {
  return grants
    .filter(({ grantee }) => grantee.kind === 'user')
    .map(({ grantee, privileges }) => `${grantee.name}: ${privileges.join(' and ').toLowerCase()}`)
    .join('; ');
}
