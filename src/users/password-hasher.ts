import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

/** argon2id with the library's defaults (19 MiB, 2 passes), off the main thread. */
@Injectable()
export class PasswordHasher {
  #dummyHash: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return hash(password);
  }

  /** Without a hash (null) no password matches. The check does the same work, so that its time tells nothing. */
  async matches(passwordHash: string | null, password: string): Promise<boolean> {
    this.#dummyHash ??= hash(randomBytes(32));
    return verify(passwordHash ?? (await this.#dummyHash), password);
  }
}
