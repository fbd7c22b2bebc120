import type { AppConfig } from '../config/app-config.js';

/** Prints one line of a command's output. */
export type Report = (line: string) => void;

export interface CommandCall {
  readonly config: AppConfig;
  readonly args: readonly string[];
  readonly report: Report;
}
