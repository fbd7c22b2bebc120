import type { AppConfig } from '../config/app-config.js';

/** Prints one line of a command's output. */
export type Report = (line: string) => void;

/** Reads the first line of the standard input. Undefined if there is none, or if it is a terminal. */
export type ReadLine = () => Promise<string | undefined>;

/** Values of options by their names, without the two dashes: a list for an option that may be repeated. */
export type CommandOptions = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface CommandCall {
  /** The settings of the server. Read when a command asks for them. */
  readonly config: AppConfig;
  /** For the command that reports settings that cannot be used. @throws ConfigError */
  readonly readConfig: () => AppConfig;
  readonly args: readonly string[];
  readonly options: CommandOptions;
  readonly report: Report;
  readonly readLine: ReadLine;
}
