import { Store, useStore } from '../lib/store.js';

/** Page that is shown, as the address says after the `#`. */
export type Route =
  | { readonly page: 'stages' }
  | { readonly page: 'sql' }
  | { readonly page: 'uploads' }
  | { readonly page: 'people' }
  | { readonly page: 'access' }
  | { readonly page: 'audit' }
  | { readonly page: 'tokens' }
  | { readonly page: 'server' }
  | {
      readonly page: 'files';
      readonly stage: string;
      /** Empty, or with a slash at its end. */
      readonly folder: string;
      /** The file whose preview is open. */
      readonly file?: string | undefined;
    };

const PLAIN_PAGES = ['sql', 'uploads', 'people', 'access', 'audit', 'tokens', 'server'] as const;

const current = new Store<Route>(parseRoute(location.hash));
window.addEventListener('hashchange', () => {
  current.set(parseRoute(location.hash));
});

export function useRoute(): Route {
  return useStore(current);
}

/** The address of a page, for links. Names of files are a parameter: a path would lose its doubled slashes and dots. */
export function routeHref(route: Route): string {
  if (route.page === 'stages') return '#/';
  if (route.page !== 'files') return `#/${route.page}`;
  const query = new URLSearchParams();
  if (route.folder !== '') query.set('folder', route.folder);
  if (route.file !== undefined) query.set('file', route.file);
  const text = query.toString();
  return `#/stages/${encodeURIComponent(route.stage)}${text === '' ? '' : `?${text}`}`;
}

export function goTo(route: Route): void {
  location.hash = routeHref(route);
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page, name] = path.split('/');
  if (page === 'stages' && name !== undefined && name !== '') {
    const parameters = new URLSearchParams(query);
    const [folder, file] = [parameters.get('folder') ?? '', parameters.get('file') ?? undefined];
    return { page: 'files', stage: decoded(name), folder, file };
  }
  const plain = PLAIN_PAGES.find((candidate) => candidate === page);
  return { page: plain ?? 'stages' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}
