import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { loggedError } from '../common/telemetry/logged-error.js';
import { Metrics } from './metrics.js';
import { MetricsToken } from './metrics-token.js';

const PATH = '/metrics';
const MAX_CONNECTIONS = 64;

/**
 * Serves the metrics on `METRICS_PORT`, where a network lets Prometheus alone in. Needs no password there, but `METRICS_TOKEN` if that
 * is set.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger('Metrics');
  #server: Server | undefined;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly metrics: Metrics,
    private readonly token: MetricsToken,
  ) {}

  /** @throws an error of the system if the port is taken. */
  async onApplicationBootstrap(): Promise<void> {
    const { host, metrics } = this.config;
    if (metrics.port === null) return;
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.#logger.error({ msg: 'the metrics could not be read', error: loggedError(error) });
        response.destroy();
      });
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(metrics.port, host);
    await once(server, 'listening');
    this.#server = server;
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    this.#logger.log({ msg: 'the metrics have a port of their own', port });
  }

  onApplicationShutdown(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '').split('?');
    if (path !== PATH || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end();
    } else if (this.token.isSet && !this.token.isIn(request)) {
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="Stagedoor metrics"' }).end();
    } else {
      const text = await this.metrics.registry.metrics();
      response.writeHead(200, { 'content-type': this.metrics.registry.contentType });
      response.end(request.method === 'HEAD' ? undefined : text);
    }
  }
}
