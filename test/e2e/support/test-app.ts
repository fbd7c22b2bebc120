import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import passport from 'passport';
import { pino } from 'pino';
import { BasicStrategy } from '../../../src/auth/basic.strategy.js';
import { BearerStrategy } from '../../../src/auth/bearer.strategy.js';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { createApp } from '../../../src/create-app.js';
import { loggerOptions } from '../../../src/http/server/app-logger.js';
import { DATABASE_KIND, newDatabaseUrl } from '../../support/test-database.js';
import { watchAnswers } from '../openapi/answer-checker.js';

export interface TestApp {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly app: NestExpressApplication;
  /** Every line of the log so far, at the most verbose level. */
  logs(): string;
  /** Fails where an answer was another than the document of the API says. */
  close(): Promise<void>;
}

/** The real application on a free port of the loopback interface, with a data folder of its own. */
export async function startTestApp(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const dataDir = await temporaryFolder();
  const lines: string[] = [];
  const logger = pino(loggerOptions('trace'), { write: (line: string) => void lines.push(line) });
  const given = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ...settings };
  const config = parseAppConfig({ ...(await databaseSettings(given.DATA_DIR)), ...given });
  const app = await createApp(config, logger);
  running.push(app);
  const server: Server = app.getHttpServer();
  let undescribed: readonly string[] = [];
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await app.close();
    signInAtTheLatest(app);
    await removeFolder(dataDir);
    expect(undescribed).toEqual([]);
  };
  try {
    await app.listen(config.port, config.host);
    undescribed = await watchAnswers(app);
  } catch (error) {
    await close(); // as the end of its process would: its timers must not write on
    throw error;
  }
  const port = portOf(app);
  return { url: `http://127.0.0.1:${String(port)}`, port, dataDir, app, logs: () => lines.join(''), close };
}

const running: NestExpressApplication[] = [];

/** Passport has one strategy of a name in a process, that of the server that started last: when it ends, the one before signs in again. */
function signInAtTheLatest(ended: NestExpressApplication): void {
  if (running.includes(ended)) running.splice(running.indexOf(ended), 1);
  const latest = running.at(-1);
  if (latest === undefined) return;
  passport.use('basic', latest.get(BasicStrategy));
  passport.use('bearer', latest.get(BearerStrategy));
}

const databases = new Map<string, string>();

/** The database that belongs to a data folder: a server or a command that is started again with the folder finds it again. */
export async function databaseSettings(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (DATABASE_KIND === 'sqlite') return {};
  const url = databases.get(dataDir) ?? (await newDatabaseUrl());
  databases.set(dataDir, url);
  return { DATABASE_URL: url };
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
