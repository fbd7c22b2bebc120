import { Injectable } from '@nestjs/common';
import { ConnectionCatalog } from '../../../stages/connections/connection-catalog.js';
import {
  alterConnection,
  createConnection,
  describeConnection,
  dropConnection,
  showConnections,
} from './connections.js';
import type { HandlersOf } from '../statement-handler.js';

/** Handlers of statements about named connections. */
@Injectable()
export class ConnectionStatements {
  readonly handlers: HandlersOf<
    'create-connection' | 'alter-connection' | 'drop-connection' | 'describe-connection' | 'show-connections'
  >;

  constructor(connections: ConnectionCatalog) {
    this.handlers = {
      'create-connection': createConnection(connections),
      'alter-connection': alterConnection(connections),
      'drop-connection': dropConnection(connections),
      'describe-connection': describeConnection(connections),
      'show-connections': showConnections(connections),
    };
  }
}
