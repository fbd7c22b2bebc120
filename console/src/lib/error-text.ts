import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';

/** Says what went wrong, in the server's words where it has answered. */
export function errorText(error: unknown): string {
  if (error instanceof StagedoorError) return error.message;
  if (error instanceof TypeError) {
    return 'The server does not answer. Look whether it runs and whether the network is there, and try again.';
  }
  return error instanceof Error ? error.message : String(error);
}

/** Is it an answer that says so? */
export function isKind(error: unknown, kind: string): boolean {
  return error instanceof StagedoorError && error.kind === kind;
}
