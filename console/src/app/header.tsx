import type { ReactElement } from 'react';
import { queryClient } from './query-client.js';
import type { Session } from '../session/kept-session.js';
import { signOut } from '../session/session.js';
import { uploadQueue } from '../uploads/upload-queue.js';
import { routeHref, useRoute, type Route } from './route.js';

interface Entry {
  readonly page: Exclude<Route['page'], 'files'>;
  readonly text: string;
}

const ENTRIES: readonly Entry[] = [
  { page: 'stages', text: 'Stages' },
  { page: 'uploads', text: 'Uploads' },
  { page: 'sql', text: 'SQL' },
  { page: 'people', text: 'People' },
  { page: 'access', text: 'Access' },
  { page: 'audit', text: 'Audit' },
  { page: 'tokens', text: 'Tokens' },
  { page: 'server', text: 'Server' },
];

export function Header({ session }: { readonly session: Session }): ReactElement {
  const { page } = useRoute();
  const current = page === 'files' ? 'stages' : page;
  return (
    <header className="header">
      <a className="brand" href="#/">
        Stagedoor
      </a>
      <nav aria-label="Pages">
        <ul>
          {ENTRIES.map((entry) => (
            <li key={entry.page}>
              <a href={routeHref(entry)} aria-current={entry.page === current ? 'page' : undefined}>
                {entry.text}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p className="account">
        <span>
          Signed in as <strong>{session.user}</strong>
        </span>
        <button type="button" onClick={leave}>
          Sign out
        </button>
      </p>
    </header>
  );
}

function leave(): void {
  if (uploadQueue.isBusy() && !window.confirm('Uploads are running. Sign out and cancel them?')) return;
  uploadQueue.clear();
  void signOut()
    .catch(() => undefined) // the session is forgotten here, and ends by itself on the server
    .then(() => {
      queryClient.clear();
    });
}
