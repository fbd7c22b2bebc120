/** Who asks now. */
export interface Principal {
  readonly name: string;
  readonly isAdmin: boolean;
}

/** As Databend writes a user: `'root'@'%'`. */
export function displayName(principal: Principal): string {
  return `'${principal.name}'@'%'`;
}
