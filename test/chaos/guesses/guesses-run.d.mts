import type { ChildProcess } from 'node:child_process';

export interface GuessedServer {
  readonly host: string;
  readonly child: ChildProcess;
}

export interface Flood {
  readonly seconds: number;
  readonly perSecond: number;
  readonly addresses: readonly string[];
}

export interface FloodResult {
  readonly sent: number;
  /** Guesses that were compared with the password, and those that were not. */
  readonly judged: number;
  readonly refused: number;
  /** Answers to the client that works, and statuses that should not be. */
  readonly served: number;
  readonly failures: readonly number[];
}

export function withServer<Result>(run: (server: GuessedServer) => Promise<Result>): Promise<Result>;
export function flood(server: GuessedServer, plan: Flood): Promise<FloodResult>;
export function signInAs(
  server: GuessedServer,
  plan: { readonly names: number; readonly bytes: number },
): Promise<{ readonly growthMib: number; readonly statuses: Readonly<Record<string, number>> }>;
