import { lazy, Suspense, useEffect, useRef, type ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import { ChangePassword } from '../session/change-password.js';
import { sessionState } from '../session/session.js';
import { SignIn } from '../session/sign-in.js';
import { FilesPage } from '../files/files-page.js';
import { StagesPage } from '../stages/stages-page.js';
import { UploadTray } from '../uploads/upload-tray.js';
import { Header } from './header.js';
import { useRoute, type Route } from './route.js';

const SqlPage = lazy(async () => ({ default: (await import('../sql/sql-page.js')).SqlPage }));
const UploadsPage = lazy(async () => ({ default: (await import('../admin/uploads-page.js')).UploadsPage }));
const PeoplePage = lazy(async () => ({ default: (await import('../admin/people-page.js')).PeoplePage }));
const AccessPage = lazy(async () => ({ default: (await import('../admin/access-page.js')).AccessPage }));
const AuditPage = lazy(async () => ({ default: (await import('../admin/audit-page.js')).AuditPage }));
const TokensPage = lazy(async () => ({ default: (await import('../admin/tokens-page.js')).TokensPage }));
const ServerPage = lazy(async () => ({ default: (await import('../admin/server-page.js')).ServerPage }));

export function App(): ReactElement {
  const { session, mustChangePassword } = useStore(sessionState);
  if (session === undefined) return <SignIn />;
  if (mustChangePassword === true) return <ChangePassword session={session} />;
  return (
    <>
      <a className="skip" href="#content" onClick={focusContent}>
        Skip to content
      </a>
      <Header session={session} />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<p role="status">Loading…</p>}>
          <Page />
        </Suspense>
      </main>
      <UploadTray />
    </>
  );
}

/** A real link to `#content` would be taken for the address of a page. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Page(): ReactElement {
  const route = useRoute();
  useAnnouncement(titleOf(route));
  return pageOf(route);
}

/** Names the tab after the page. A page that follows another one gets the focus, so that a screen reader goes on there. */
function useAnnouncement(title: string): void {
  const shown = useRef<string>(undefined);
  useEffect(() => {
    document.title = `${title} · Stagedoor`;
    if (shown.current !== undefined && shown.current !== title) {
      document.getElementById('content')?.focus({ preventScroll: true });
      window.scrollTo(0, 0); // the focus alone would leave out what is above
    }
    shown.current = title;
  }, [title]);
}

function titleOf(route: Route): string {
  if (route.page === 'files') return `@${route.stage}/${route.folder}`;
  return route.page === 'sql' ? 'SQL' : `${route.page.charAt(0).toUpperCase()}${route.page.slice(1)}`;
}

function pageOf(route: Route): ReactElement {
  switch (route.page) {
    case 'stages':
      return <StagesPage />;
    case 'files':
      return <FilesPage key={`${route.stage}/${route.folder}`} {...route} />;
    case 'sql':
      return <SqlPage />;
    case 'uploads':
      return <UploadsPage />;
    case 'people':
      return <PeoplePage />;
    case 'access':
      return <AccessPage />;
    case 'audit':
      return <AuditPage />;
    case 'tokens':
      return <TokensPage />;
    case 'server':
      return <ServerPage />;
  }
}
