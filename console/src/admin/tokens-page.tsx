import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../app/query-client.js';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { ErrorNotice } from '../ui/notice.js';
import { PageHead } from '../ui/page-head.js';
import { RowButton } from '../ui/row-button.js';
import { Table } from '../ui/table.js';
import { Time } from '../ui/time.js';
import { CreateToken } from './create-token.js';

const KEY = ['tokens'];

/** The reader's own API tokens. */
const COLUMNS = ['Name', 'May', 'Expires', 'Last used'];

export function TokensPage(): ReactElement {
  const [isCreating, setIsCreating] = useState(false);
  const tokens = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => bodyOf(api.GET('/v1/tokens', { signal })),
  });
  const refresh = async (): Promise<void> => queryClient.invalidateQueries({ queryKey: KEY });
  return (
    <>
      <PageHead
        title="Tokens"
        button="Make a token"
        isPrimary
        onClick={() => {
          setIsCreating(true);
        }}
      />
      <p>
        A token is for a program: it needs no password, may do a part of what you may, and can be taken away
        alone.
      </p>
      <ErrorNotice error={tokens.error} />
      {tokens.data?.tokens.length === 0 && <p role="status">You have none.</p>}
      {tokens.data !== undefined && tokens.data.tokens.length > 0 && (
        <TokenTable tokens={tokens.data.tokens} onChange={refresh} />
      )}
      {isCreating && (
        <CreateToken
          onClose={() => {
            setIsCreating(false);
            void refresh();
          }}
        />
      )}
    </>
  );
}

interface TokenTableProps {
  readonly tokens: readonly Schemas['Token'][];
  readonly onChange: () => Promise<void>;
}

function TokenTable({ tokens, onChange }: TokenTableProps): ReactElement {
  const revoking = useMutation({
    mutationFn: async (id: string) => api.DELETE('/v1/tokens/{id}', { params: { path: { id } } }),
    onSettled: onChange,
  });
  return (
    <>
      <ErrorNotice error={revoking.error} />
      <Table caption="Tokens" columns={COLUMNS} hasActions>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={revoking.mutate} />
        ))}
      </Table>
    </>
  );
}

interface TokenRowProps {
  readonly token: Schemas['Token'];
  readonly onRevoke: (id: string) => void;
}

function TokenRow({ token, onRevoke }: TokenRowProps): ReactElement {
  return (
    <tr>
      <th scope="row">{token.name}</th>
      <td className="wrap">{scopeText(token.scope)}</td>
      <td>
        <Time iso={token.expires_on} />
      </td>
      <td>
        <Time iso={token.last_used_on} />
      </td>
      <td className="row-actions">
        <RowButton
          text="Revoke"
          label={`Revoke ${token.name}`}
          onClick={() => {
            onRevoke(token.id);
          }}
        />
      </td>
    </tr>
  );
}

function scopeText(scope: Schemas['Token']['scope']): string {
  if (scope === null) return 'all that you may';
  const stages = scope.stages === null ? 'every stage' : scope.stages.join(', ');
  return `${scope.privileges.join(' and ').toLowerCase()} in ${stages}${scope.prefix === null ? '' : `, below ${scope.prefix}`}`;
}
