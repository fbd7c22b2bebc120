import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf, SERVER } from '../lib/api.js';
import { errorText } from '../lib/error-text.js';
import { Fact } from '../ui/fact.js';

const REFRESHED_EVERY_MS = 5_000;

/** Shows whether the server works, and its version. */
export function ServerPage(): ReactElement {
  return (
    <>
      <h1>Server</h1>
      <Facts />
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

function Facts(): ReactElement {
  const ready = useQuery({
    queryKey: ['ready'],
    refetchInterval: REFRESHED_EVERY_MS,
    retry: false,
    queryFn: async ({ signal }) => {
      const { data, response } = await api.GET('/ready', { signal });
      return { checks: data?.checks ?? [], protocol: response.headers.get('x-databend-version') };
    },
  });
  const version = useQuery({
    queryKey: ['version'],
    queryFn: async ({ signal }) => (await bodyOf(api.GET('/version', { signal }))).version,
  });
  return (
    <dl className="facts">
      <Fact name="Address">{SERVER}</Fact>
      <Fact name="State">
        <span role="status">{stateOf(ready)}</span>
      </Fact>
      <Fact name="Version">{version.data}</Fact>
      <Fact name="Version of Databend’s protocol">{ready.data?.protocol}</Fact>
      {ready.data?.checks.map(({ check, ok }) => (
        <Fact key={check} name={`Check: ${check}`}>
          {ok ? 'works' : 'fails'}
        </Fact>
      ))}
    </dl>
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
