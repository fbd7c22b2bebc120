import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';

const BEARER = /^Bearer +(\S+) *$/i;

/** The token that opens the metrics, and nothing else. */
@Injectable()
export class MetricsToken {
  readonly #digest: Buffer | undefined;

  constructor(@Inject(APP_CONFIG) { metrics: { token } }: AppConfig) {
    this.#digest = token === null ? undefined : digestOf(token);
  }

  get isSet(): boolean {
    return this.#digest !== undefined;
  }

  /** Does the request have the token? Takes as long for any other one. */
  isIn({ headersDistinct }: IncomingMessage): boolean {
    const [header, second] = headersDistinct['authorization'] ?? [];
    const given = header === undefined || second !== undefined ? undefined : BEARER.exec(header)?.[1];
    return (
      given !== undefined && this.#digest !== undefined && timingSafeEqual(digestOf(given), this.#digest)
    );
  }
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
