import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../../access/principal.js';
import { AuditTrail } from './audit-trail.js';

/** Another sign-in from the same address within this time is no event. */
const REMEMBERED_MS = 600_000;
const MAX_REMEMBERED = 10_000;

/**
 * Records sign-ins of users who send a password or an API token with each request: the first from an address, and one in ten minutes
 * after it. A row for each request would say no more than the event of the request.
 */
@Injectable()
export class SignIns {
  readonly #recent = new LRUCache<string, true>({
    max: MAX_REMEMBERED,
    ttl: REMEMBERED_MS,
    ttlResolution: 1000, // by default it asks for the time, and starts a timer, once a millisecond
  });

  /** The last sign-in of a principal that many requests share: no text is made to find it. */
  readonly #last = new WeakMap<Principal, { readonly address: string; readonly until: number }>();

  constructor(private readonly trail: AuditTrail) {}

  /** @param shared the principal without its origin, which is the same object for requests of one user. */
  accepted(principal: Principal, shared: Principal): void {
    const { userId, token, origin } = principal;
    const address = origin?.address ?? '';
    const last = this.#last.get(shared);
    const now = performance.now();
    if (last?.address === address && now < last.until) return;
    this.#last.set(shared, { address, until: now + REMEMBERED_MS });
    const key = `${userId} ${token?.id ?? ''} ${address}`;
    if (this.#recent.has(key)) return;
    this.#recent.set(key, true);
    const detail = { by: token === undefined ? 'password' : 'token' };
    this.trail.record({ action: 'user.sign_in', outcome: 'success', actor: principal, detail });
  }
}
