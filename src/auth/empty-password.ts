import { AuthError } from './auth-error.js';
import type { Peer } from './peer.js';

/** @throws AuthError if a user without a password sends a request from another machine. */
export function assertPasswordIfRemote(
  { name, hasPassword }: { readonly name: string; readonly hasPassword: boolean },
  peer: Peer,
): void {
  if (hasPassword) return;
  const reason = peer.remoteReason();
  if (reason === undefined) return;
  throw new AuthError(
    'PasswordRequiredRemotely',
    `Authentication failed: user '${name}' has no password and may come in from this machine only, without a proxy; ` +
      `this request counts as one from elsewhere: ${reason}. Set ROOT_PASSWORD to let it in from elsewhere.`,
  );
}
