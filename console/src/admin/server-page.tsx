import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, SERVER } from '../lib/api.js';
import { errorText } from '../lib/error-text.js';

const REFRESHED_EVERY_MS = 5_000;

/** Shows whether the server works, and its version. */
export function ServerPage(): ReactElement {
  const ready = useQuery({
    queryKey: ['ready'],
    refetchInterval: REFRESHED_EVERY_MS,
    retry: false,
    queryFn: async ({ signal }) =>
      (await api.GET('/ready', { signal })).response.headers.get('x-databend-version') ?? '',
  });
  return (
    <>
      <h1>Server</h1>
      <dl className="facts">
        <div>
          <dt>Address</dt>
          <dd>{SERVER}</dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>
            <span role="status">{stateOf(ready)}</span>
          </dd>
        </div>
        <div>
          <dt>Version of the protocol</dt>
          <dd>{ready.data}</dd>
        </div>
      </dl>
      <p>
        <a href={`${SERVER}/docs`}>The API, described for people</a> and{' '}
        <a href={`${SERVER}/openapi.json`}>for programs</a>.{' '}
        <a href={`${SERVER}/metrics`}>Figures for Prometheus</a> need a sign-in of their own.
      </p>
      <p>
        <a href={`${SERVER}/console/licences.md`}>Licences of the libraries in this page</a>
      </p>
    </>
  );
}

function stateOf({
  error,
  isPending,
}: {
  readonly error: Error | null;
  readonly isPending: boolean;
}): string {
  if (isPending) return 'asking…';
  return error === null ? 'serves requests' : `does not serve requests: ${errorText(error)}`;
}
