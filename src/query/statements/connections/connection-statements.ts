import { Injectable } from '@nestjs/common';
import { ConnectionCatalog } from '../../../stages/connections/connection-catalog.js';
import { createConnection, describeConnection, dropConnection, showConnections } from './connections.js';
import type { HandlersOf } from '../statement-handler.js';

/** Handlers of statements about named connections. */
@Injectable()
export class ConnectionStatements {
  readonly handlers: HandlersOf<
    'create-connection' | 'drop-connection' | 'describe-connection' | 'show-connections'
  >;

  constructor(connections: ConnectionCatalog) {
    this.handlers = {
      'create-connection': createConnection(connections),
      'drop-connection': dropConnection(connections),
      'describe-connection': describeConnection(connections),
      'show-connections': showConnections(connections),
    };
  }
}
