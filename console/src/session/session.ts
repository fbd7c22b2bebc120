import { authorizationOf, type Credentials } from '../../../clients/typescript/src/credentials.js';
import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { Store } from '../lib/store.js';
import { forgetSession, keepSession, keptSession, type Session } from './kept-session.js';

export interface SessionState {
  readonly session?: Session;
  readonly mustChangePassword?: boolean;
  /** Why somebody must sign in again. */
  readonly notice?: string;
}

/** Refreshes tokens before they expire, after this share of their life. */
const REFRESHED_AFTER = 0.8;
const ADMINISTRATORS = 'account_admin';

const kept = keptSession();
export const sessionState = new Store<SessionState>(kept === undefined ? {} : { session: kept });
let refreshing: Promise<Session> | undefined;

api.use({
  async onRequest({ request }) {
    if (request.headers.has('authorization')) return;
    const token = await sessionToken();
    if (token !== undefined) request.headers.set('authorization', authorizationOf({ token }));
  },
});

/** Signs in and finds out who that is. @throws StagedoorError that says why not. */
export async function signIn(credentials: Credentials, isKept: boolean): Promise<void> {
  const headers = { authorization: authorizationOf(credentials) };
  const { tokens } = await bodyOf(api.POST('/v1/session/login', { headers, body: {} }));
  if (tokens === undefined) throw new TypeError('The answer to the login has no tokens.');
  const bearer = { authorization: authorizationOf({ token: tokens.session_token }) };
  const { user, roles } = await bodyOf(api.POST('/v1/verify', { headers: bearer, body: {} }));
  settle({ user, roles, isKept, ...textsOf(tokens) });
}

/** Ends the session on the server, then here. */
export async function signOut(): Promise<void> {
  try {
    await api.POST('/v1/session/logout', { body: {} });
  } finally {
    forgetSession();
    sessionState.set({});
  }
}

/** The token of the session, refreshed where it is about to expire; undefined where nobody is signed in. */
export async function sessionToken(): Promise<string | undefined> {
  const { session } = sessionState.get();
  if (session === undefined || Date.now() < session.refreshAt) return session?.sessionToken;
  refreshing ??= refresh(session).finally(() => {
    refreshing = undefined;
  });
  return (await refreshing).sessionToken;
}

/** Name of the reader, for commands to copy. */
export function currentUser(): string {
  return sessionState.get().session?.user ?? 'root';
}

export function isAdministrator({ roles }: Session): boolean {
  return roles.includes(ADMINISTRATORS);
}

/** Follows what a refusal says about the session: it has ended, or the password must be changed first. */
export function noteRefusal(error: unknown): void {
  const { session, mustChangePassword } = sessionState.get();
  if (!(error instanceof StagedoorError) || session === undefined) return;
  if (error.status === 401) {
    forgetSession();
    sessionState.set({
      notice: `Your session has ended, please sign in again. The server says: ${error.message}`,
    });
  } else if (error.kind === 'PasswordChangeRequired' && mustChangePassword !== true) {
    sessionState.set({ session, mustChangePassword: true });
  }
}

async function refresh(session: Session): Promise<Session> {
  const headers = { authorization: authorizationOf({ token: session.refreshToken }) };
  const { tokens } = await bodyOf(api.POST('/v1/session/refresh', { headers, body: {} }));
  const { user, roles, isKept } = session;
  return settle({ user, roles, isKept, ...textsOf(tokens) });
}

function settle(session: Session): Session {
  if (session.isKept) keepSession(session);
  sessionState.set({ session });
  return session;
}

function textsOf(
  tokens: Schemas['SessionTokens'],
): Pick<Session, 'sessionToken' | 'refreshToken' | 'refreshAt'> {
  return {
    sessionToken: tokens.session_token,
    refreshToken: tokens.refresh_token,
    refreshAt: Date.now() + tokens.session_token_ttl_in_secs * 1000 * REFRESHED_AFTER,
  };
}
