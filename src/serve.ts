import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { AppError } from './common/app-error.js';
import { ShutdownState } from './common/shutdown-state.js';
import { isLocalHost } from './common/loopback.js';
import { parseAppConfig, misspelledSettings, type AppConfig } from './config/app-config.js';
import { databaseName } from './config/database-config.js';
import { tracingConfig, type TracingConfig } from './config/tracing-config.js';
import { assertRootsSeparate } from './config/stage-roots.js';
import { createApp } from './create-app.js';
import { createLogger } from './http/server/app-logger.js';
import { describeError } from './http/errors/error-description.js';
import { UnreadableConnections } from './stages/connections/unreadable-connections.repository.js';
import { InternalStorageCheck } from './stages/check/internal-storage-check.js';
import { StorageModule } from './storage/storage.module.js';
import type { StopTracing } from './tracing/start-tracing.js';
import { UploadAdmission } from './upload/admission/upload-admission.js';
import { ROOT } from './users/accounts/user.js';
import { UserService } from './users/accounts/user.service.js';

/** npm forwards a signal that the whole process group has already received: one within this time is the same signal. */
const SAME_SIGNAL_MS = 1_000;
const OPEN_TO_OTHERS =
  ' OTHER MACHINES REACH THIS PORT AND GET 401: set HOST=127.0.0.1 to keep it to this one.';
/** Time for clients to read why their upload was aborted. */
const ABORT_NOTICE_MS = 2_000;

/** Starts the server and resolves when it listens. A failed start prints the reason and ends the process. */
export async function serve(): Promise<void> {
  try {
    await start();
  } catch (error) {
    // Operating system errors, such as a port in use, explain themselves.
    const isUserFacing = error instanceof AppError || (error instanceof Error && 'syscall' in error);
    process.stderr.write(
      `${isUserFacing ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  }
}

async function start(): Promise<void> {
  const config = parseAppConfig(undefined, StorageModule.connectionProblem.bind(StorageModule));
  assertRootsSeparate(config);
  const tracing = tracingConfig();
  const logger = createLogger(config.log, { hasTraceIds: tracing !== null });
  const app = await createApp(config, logger);
  await app.get(UnreadableConnections).assertReadable();
  stopOnSignals(app, logger, config.shutdownGraceSeconds * 1000);
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo; // the address of a listening TCP server
  announce(config, logger, { port, hasPassword: await app.get(UserService).hasPassword(ROOT) });
  void reportProblem(app, logger);
  if (tracing !== null) await loadTracing(tracing, logger);
}

/** Ends the tracing, if it was started. */
let stopTracing: StopTracing | undefined;

/** Loads the libraries of OpenTelemetry, which take as long as the rest of the start. The service works without traces. */
async function loadTracing(tracing: TracingConfig, logger: Logger): Promise<void> {
  try {
    const { startTracing } = await import('./tracing/start-tracing.js');
    stopTracing = startTracing(tracing, logger);
  } catch (error) {
    logger.error({ error: describeError(error) }, 'there are no traces');
  }
}

/** Never delays the start: a store may not answer. */
async function reportProblem(app: NestExpressApplication, logger: Logger): Promise<void> {
  const problem = await app.get(InternalStorageCheck).problem();
  if (problem !== undefined) logger.error(problem);
}

interface Started {
  readonly port: number;
  /** Whether `root` has a password. */
  readonly hasPassword: boolean;
}

function announce(config: AppConfig, logger: Logger, { port, hasPassword }: Started): void {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const url = `http://${host}:${String(port)}`;
  const user = hasPassword ? 'root:$ROOT_PASSWORD' : 'root:';
  logger.info(
    {
      address: config.host,
      port,
      database: databaseName(config.database),
      internalStorage: config.internalStorage.url,
    },
    `Stagedoor listens on ${url}${config.hasConsole ? ': its console is there, too' : ''}`,
  );
  logger.info(
    `Try: curl -u ${user} -H "stage_name:~" -F "upload=@README.md" -XPUT ${url}/v1/upload_to_stage`,
  );
  for (const { name, setting } of misspelledSettings()) {
    logger.warn(`The environment variable ${name} is not a setting: ${setting} is one. It has no effect.`);
  }
  if (!hasPassword) {
    const others = isLocalHost(config.host) ? '' : OPEN_TO_OTHERS;
    logger.warn(
      `root has no password: it is let in from this machine only. Set ROOT_PASSWORD to change that.${others}`,
    );
  }
}

/**
 * Shuts down in order. At the first signal the server stops being ready and accepting uploads, finishes running
 * requests, and exits. Requests that exceed the grace period are aborted; a second signal aborts them at once.
 */
function stopOnSignals(app: NestExpressApplication, logger: Logger, graceMs: number): void {
  const uploads = app.get(UploadAdmission);
  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince <= SAME_SIGNAL_MS) return;
      logger.info(`${signal} again: cutting off what runs`);
      uploads.abortRunning();
      serverOf(app).closeAllConnections();
      return;
    }
    stoppingSince = performance.now();
    logger.info(`${signal}: finishing what runs, taking nothing new`);
    endWithin(app, graceMs).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ error: describeError(error) }, 'The shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function serverOf(app: NestExpressApplication): Server {
  return app.getHttpServer();
}

async function endWithin(app: NestExpressApplication, graceMs: number): Promise<void> {
  const server = serverOf(app);
  // Ends downloads and listings that are still being read.
  setTimeout(() => {
    server.closeAllConnections();
  }, graceMs + ABORT_NOTICE_MS).unref();
  app.get(ShutdownState).begin();
  await app.get(UploadAdmission).finish(graceMs);
  await app.close();
  await stopTracing?.();
}
