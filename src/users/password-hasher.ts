import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

/** argon2id with the library's defaults (19 MiB, 2 passes), off the main thread. */
@Injectable()
export class PasswordHasher {
  #hashOfNothing: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return hash(password);
  }

  /** Where there is no hash (null) no password matches, after the same work. */
  async matches(passwordHash: string | null, password: string): Promise<boolean> {
    this.#hashOfNothing ??= hash(randomBytes(32));
    return verify(passwordHash ?? (await this.#hashOfNothing), password);
  }
}
