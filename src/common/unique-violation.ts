/** Reports whether the database rejected a row because of an existing key. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && error.name === 'QueryFailedError' && /UNIQUE/i.test(error.message);
}
