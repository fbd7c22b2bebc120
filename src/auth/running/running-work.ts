import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { AccessVersion } from '../../users/version/access-version.js';
import { AuthError } from '../auth-error.js';
import { TokenSubjects } from '../token-subjects.js';

/** How soon a server notices what another one has changed, while it has something to end. */
const LOOK_MS = 1000;

interface Running {
  readonly principal: Principal;
  readonly end: () => void;
  /** The version under which its user was found to be in; undefined before the first look. */
  seen?: string;
}

/**
 * Ends what runs for a user who is disabled or dropped, who has another password since, or whose API token was revoked or has expired:
 * uploads, downloads, copies, removals.
 */
@Injectable()
export class RunningWork implements OnApplicationShutdown {
  readonly #logger = new Logger('RunningWork');
  readonly #running = new Set<Running>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly versions: AccessVersion,
    private readonly subjects: TokenSubjects,
  ) {
    versions.onChange(() => void this.#look());
  }

  /**
   * @param end is called once, when the user is out.
   * @returns a function to call when the work is over.
   */
  watch(principal: Principal, end: () => void): () => void {
    const running: Running = { principal, end };
    this.#running.add(running);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
    return () => {
      this.#running.delete(running);
    };
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Looks for work to end, among what came or could have changed since the last look. */
  async #look(): Promise<void> {
    try {
      if (this.#running.size === 0) return;
      const version = await this.versions.current();
      const isOpen = ({ seen, principal }: Running): boolean =>
        seen !== version || principal.token !== undefined; // which may expire
      await this.#endInvalid([...this.#running].filter(isOpen), version);
    } catch (error) {
      // The database is away. The next look is soon.
      this.#logger.debug({ msg: 'no look at running work', error: loggedError(error) });
    }
  }

  async #endInvalid(open: readonly Running[], version: string): Promise<void> {
    const verdicts = new Map<string, Promise<boolean>>();
    for (const running of open) {
      const { principal } = running;
      const key = subjectKey(principal);
      const verdict = verdicts.get(key) ?? this.#isValid(principal);
      verdicts.set(key, verdict);
      if (await verdict) running.seen = version;
      else this.#end(running);
    }
  }

  async #isValid({ userId, credential, token }: Principal): Promise<boolean> {
    return !('end' in (await this.subjects.now({ userId, credential, apiToken: token?.id })));
  }

  #end(running: Running): void {
    if (!this.#running.delete(running)) return; // over, or ended by an earlier look
    this.#logger.log({
      msg: 'a running request was ended: its user is out',
      user: running.principal.name,
    });
    running.end();
  }
}

/** Work of one subject has one verdict. */
function subjectKey({ userId, credential, token }: Principal): string {
  return JSON.stringify([userId, credential, token?.id]);
}

/** @param consequence a sentence that says what has become of the work. */
export function outMeanwhile(consequence: string): AuthError {
  return new AuthError(
    'OutMeanwhile',
    `Authentication failed: the user or the token of this request is not valid any more. ${consequence}`,
  );
}
