import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { AppError } from './common/app-error.js';
import { parseAppConfig, type AppConfig } from './config/app-config.js';
import { createApp } from './create-app.js';
import { createLogger } from './http/app-logger.js';
import { describeError } from './http/error-description.js';
import { StorageModule } from './storage/storage.module.js';

/** So long a running request may take to end after SIGTERM. */
const GRACE_MS = 20_000;

async function start(): Promise<void> {
  const config = parseAppConfig(undefined, StorageModule.connectionProblem.bind(StorageModule));
  const logger = createLogger(config.log);
  const app = await createApp(config, logger);
  stopOnSignals(app, logger);
  await app.listen(config.port, config.host);
  announce(config, logger, app.getHttpServer().address() as AddressInfo); // a listening TCP server has one
}

function announce(config: AppConfig, logger: Logger, { port }: AddressInfo): void {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  const url = `http://${host}:${String(port)}`;
  const user = config.rootPassword === '' ? 'root:' : 'root:$ROOT_PASSWORD';
  logger.info(
    {
      address: config.host,
      port,
      database: config.databasePath,
      internalStorage: config.internalStorage.url,
    },
    `Stagedoor listens on ${url}`,
  );
  logger.info(
    `Try: curl -u ${user} -H "stage_name:~" -F "upload=@README.md" -XPUT ${url}/v1/upload_to_stage`,
  );
  if (config.rootPassword === '') {
    logger.warn(
      'root has no password: it is let in from this machine only. Set ROOT_PASSWORD to change that.',
    );
  }
}

/** npm passes a signal on that the whole process group has got already, so that one Ctrl-C arrives twice. */
function stopOnSignals(app: NestExpressApplication, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info(`${signal}: finishing what runs, taking nothing new`);
    const server: Server = app.getHttpServer();
    setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS).unref();
    app.close().then(
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

start().catch((error: unknown) => {
  // A port in use, a folder that cannot be made: the system's own sentence says it.
  const isMeantForTheUser = error instanceof AppError || (error instanceof Error && 'syscall' in error);
  process.stderr.write(
    `${isMeantForTheUser ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
});
