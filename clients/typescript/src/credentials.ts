/** Who asks: a user with the password, or an API token or a session token. */
export type Credentials = { readonly user: string; readonly password: string } | { readonly token: string };

/** Returns the value of the header `Authorization`. */
export function authorizationOf(credentials: Credentials): string {
  if ('token' in credentials) return `Bearer ${credentials.token}`;
  const bytes = new TextEncoder().encode(`${credentials.user}:${credentials.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
