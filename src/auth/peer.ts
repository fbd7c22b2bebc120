import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { clientAddress, isForwarded } from '../http/request/forwarding.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { foreignPageReason } from './foreign-page.js';
import { isLoopback } from '../common/loopback.js';

/** Origin of a request, as far as this server can determine it. */
export interface Peer {
  readonly address: string;
  /** Returns why the request may come from another machine; undefined for a request from this machine. */
  remoteReason(): string | undefined;
}

@Injectable()
export class Peers {
  readonly #publicHost: string | undefined;

  constructor(@Inject(APP_CONFIG) { publicUrl }: Pick<AppConfig, 'publicUrl'>) {
    this.#publicHost = publicUrl === null ? undefined : new URL(publicUrl).host;
  }

  of(request: Request): Peer {
    return { address: clientAddress(request), remoteReason: () => this.#remoteReason(request) };
  }

  #remoteReason(request: Request): string | undefined {
    if (!isLoopback(request.socket.remoteAddress ?? '')) return 'it comes from another machine';
    if (isForwarded(request)) return 'a proxy has forwarded it';
    return foreignPageReason(request, this.#publicHost);
  }
}
