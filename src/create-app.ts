import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { RequestAudit } from './audit/requests/request-audit.js';
import { AppModule } from './app.module.js';
import { tightenDirectory } from './common/private-files.js';
import { JSON_BODY_TIMEOUT } from './http/request/json-body.js';
import type { AppConfig } from './config/app-config.js';
import { consolePages } from './console/console-pages.js';
import { NestLogger } from './http/server/app-logger.js';
import { allowedHosts } from './http/server/allowed-hosts.js';
import { corsOptions } from './http/server/cors.js';
import { FastExpressAdapter } from './http/server/fast-express.adapter.js';
import { oneAtATime } from './http/server/one-at-a-time.js';
import { rejectRemovalBody } from './http/server/reject-removal-body.js';
import { requireClearRequest } from './http/server/require-clear-request.js';
import { requestLog } from './http/server/request-log.js';
import { countConnections } from './http/metrics/connection-metrics.js';
import { RequestMetrics } from './http/metrics/request-metrics.js';
import { Metrics } from './metrics/metrics.js';
import { spellFileNames } from './stages/files/file-path-bytes.js';
import { protocolVersion } from './http/server/protocol-version.middleware.js';

/** Creates the whole application, ready to listen. */
export async function createApp(config: AppConfig, logger: Logger): Promise<NestExpressApplication> {
  tightenDirectory(config.dataDir); // older versions created files that everybody can read
  const module = AppModule.forRoot(config);
  const options: Pick<NestApplicationOptions, 'logger' | 'abortOnError' | 'bodyParser'> = {
    logger: new NestLogger(logger),
    abortOnError: false,
    bodyParser: false, // routes read bodies themselves, after authentication
  };
  const adapter = new FastExpressAdapter(config.clients);
  const app = await NestFactory.create<NestExpressApplication>(module, adapter, options);
  app.set('trust proxy', [...config.access.trustedProxies]);
  app.set(JSON_BODY_TIMEOUT, config.clients.requestTimeoutSeconds * 1000);
  app.use(oneAtATime);
  app.use(requestLog(logger));
  app.use(app.get(RequestMetrics).handler);
  app.use(app.get(RequestAudit).handler);
  countConnections(app.getHttpServer(), app.get(Metrics));
  if (config.access.corsOrigins.length > 0) app.enableCors(corsOptions(config.access.corsOrigins));
  app.use(protocolVersion);
  app.use(requireClearRequest);
  app.use(rejectRemovalBody(adapter.getInstance()));
  if (config.access.allowedHosts.length > 0) app.use(allowedHosts(config.access.allowedHosts));
  if (config.hasConsole) app.use(consolePages());
  app.use(spellFileNames);
  return app;
}
