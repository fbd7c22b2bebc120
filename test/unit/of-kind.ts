/** For `toThrow`: an error of that kind, with these fields. */
export function ofKind(kind: string, fields: Readonly<Record<string, unknown>> = {}): Error {
  return expect.objectContaining({ kind, ...fields }) as Error;
}
