import type { ChildProcess } from 'node:child_process';

export interface FormServer {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** The built server with its data in a folder that the harness reads. */
export function startFormServer(
  settingsIn?: (dataFolder: string) => Readonly<Record<string, string>>,
): Promise<FormServer>;
