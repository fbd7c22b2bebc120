import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WorkerClient } from '../../runtime/worker-client.js';
import type { PasswordAnswer, PasswordRequest } from './password-request.js';
import { PASSWORD_WORKER_URL } from './password-worker-url.js';
import { VerificationQueue } from './verification-queue.js';

/** argon2id with the library's defaults (19 MiB, 2 passes), in a thread of low priority, one at a time. */
@Injectable()
export class PasswordHasher {
  readonly #queue = new VerificationQueue();
  #thread: WorkerClient<PasswordRequest, PasswordAnswer> | undefined;
  #dummyHash: Promise<string> | undefined;

  /** @throws UserError of kind `TooManyAtOnce`. */
  hash(password: string): Promise<string> {
    return this.#queue.run({ isFirst: false, run: () => this.#hash(password) });
  }

  /**
   * Without a hash (null) no password matches. The check does the same work, so that its time tells nothing.
   *
   * @param wasRight lets the check go before others.
   * @throws UserError of kind `TooManyAtOnce`.
   */
  async matches(passwordHash: string | null, password: string, wasRight: boolean): Promise<boolean> {
    return this.#queue.run({
      isFirst: wasRight,
      run: () => this.#verify(passwordHash, password),
      isWrong: (isMatch) => !isMatch,
    });
  }

  /** Asserts that one more password may wait. @throws UserError of kind `TooManyAtOnce`. */
  assertRoom(): void {
    this.#queue.assertRoom();
  }

  async #verify(passwordHash: string | null, password: string): Promise<boolean> {
    this.#dummyHash ??= this.#hash(randomBytes(32).toString('base64'));
    const against = passwordHash ?? (await this.#dummyHash);
    return (await this.#ask({ kind: 'verify', passwordHash: against, password })) === true;
  }

  async #hash(password: string): Promise<string> {
    return String(await this.#ask({ kind: 'hash', password }));
  }

  #ask(request: PasswordRequest): Promise<PasswordAnswer> {
    if (this.#thread === undefined || this.#thread.hasEnded)
      this.#thread = new WorkerClient(PASSWORD_WORKER_URL);
    return this.#thread.request(request);
  }
}
