/** Did the database refuse a row because another one has its key? */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && error.name === 'QueryFailedError' && /UNIQUE/i.test(error.message);
}
