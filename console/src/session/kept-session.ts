/** User who is signed in, and the tokens for it. */
export interface Session {
  readonly user: string;
  readonly roles: readonly string[];
  readonly sessionToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly refreshAt: number;
  /** Is it in this tab's storage, so that it survives a reload? */
  readonly isKept: boolean;
}

/** In the storage of this tab, which ends with it. */
const NAME = 'stagedoor.session';

export function keptSession(): Session | undefined {
  const text = sessionStorage.getItem(NAME);
  return text === null ? undefined : (JSON.parse(text) as Session); // written by keepSession alone
}

export function keepSession(session: Session): void {
  sessionStorage.setItem(NAME, JSON.stringify(session));
}

export function forgetSession(): void {
  sessionStorage.removeItem(NAME);
}
