import type { Server } from 'node:http';
import type { Metrics } from '../../metrics/metrics.js';

/** Counts connections, and those that the server has closed because it had too many. */
export function countConnections(server: Server, metrics: Metrics): void {
  let open = 0;
  let dropped = 0;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
  });
  server.on('drop', () => dropped++);
  metrics.addGauge('stagedoor_http_connections', 'Open connections', () => open);
  metrics.addGauge('stagedoor_http_connections_limit', 'MAX_CONNECTIONS', () => server.maxConnections);
  metrics.addCounter(
    'stagedoor_http_connections_dropped_total',
    'Connections that were closed without an answer because of MAX_CONNECTIONS',
    () => dropped,
  );
}
