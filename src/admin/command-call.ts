import type { AppConfig } from '../config/app-config.js';

/** What a command says while it works: a line each. */
export type Report = (line: string) => void;

export interface CommandCall {
  readonly config: AppConfig;
  readonly args: readonly string[];
  readonly report: Report;
}
