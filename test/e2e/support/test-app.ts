import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { createApp } from '../../../src/create-app.js';
import { loggerOptions } from '../../../src/http/server/app-logger.js';

export interface TestApp {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly app: NestExpressApplication;
  /** Every line of the log so far, at the most verbose level. */
  logs(): string;
  close(): Promise<void>;
}

/** The real application on a free port of the loopback interface, with a data folder of its own. */
export async function startTestApp(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const dataDir = await temporaryFolder();
  const lines: string[] = [];
  const logger = pino(loggerOptions('trace'), { write: (line: string) => void lines.push(line) });
  const config = parseAppConfig({ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...settings });
  const app = await createApp(config, logger);
  await app.listen(config.port, config.host);
  const server: Server = app.getHttpServer();
  const port = portOf(app);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await app.close();
    await removeFolder(dataDir);
  };
  return { url: `http://127.0.0.1:${String(port)}`, port, dataDir, app, logs: () => lines.join(''), close };
}

export function portOf(app: NestExpressApplication): number {
  const server: Server = app.getHttpServer();
  return (server.address() as AddressInfo).port; // a listening TCP server has one
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'stagedoor-e2e-'));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
