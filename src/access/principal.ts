/** Who asks now. */
export interface Principal {
  readonly name: string;
  readonly isAdmin: boolean;
  /** The user's when this one was let in: what is given out now ends with the password that was shown. */
  readonly credential: string;
}

/** As Databend writes a user: `'root'@'%'`. */
export function displayName(principal: Principal): string {
  return `'${principal.name}'@'%'`;
}
