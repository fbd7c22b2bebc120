import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { reportFault } from '../../http/request/request-fault.js';
import { AccessVersion } from '../../users/version/access-version.js';
import { AuthError } from '../auth-error.js';
import { TokenSubjects } from '../token-subjects.js';

/** How soon a server notices what another one has changed, while it has something to end. */
const LOOK_MS = 1000;

interface Running {
  readonly principal: Principal;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The version under which its user was found to be in; undefined before the first look. */
  seen?: string;
}

/**
 * Ends the uploads and downloads that run for a user who is disabled or dropped, who has another password since, or whose API token was
 * revoked or has expired.
 */
@Injectable()
export class RunningRequests implements OnApplicationShutdown {
  readonly #logger = new Logger('RunningRequests');
  readonly #running = new Set<Running>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly versions: AccessVersion,
    private readonly subjects: TokenSubjects,
  ) {
    versions.onChange(() => void this.#look());
  }

  /** Watches the request until its answer is sent, or its client has left. */
  track(principal: Principal, request: IncomingMessage, response: ServerResponse): void {
    const running: Running = { principal, request, response };
    this.#running.add(running);
    response.once('close', () => this.#running.delete(running));
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Looks for requests to end, among those that came or could have changed since the last look. */
  async #look(): Promise<void> {
    try {
      if (this.#running.size === 0) return;
      const version = await this.versions.current();
      const isOpen = ({ seen, principal }: Running): boolean =>
        seen !== version || principal.token !== undefined; // which may expire
      await this.#endInvalid([...this.#running].filter(isOpen), version);
    } catch (error) {
      // The database is away. The next look is soon.
      this.#logger.debug({ msg: 'no look at running requests', error: loggedError(error) });
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

  #end({ principal, request, response }: Running): void {
    this.#logger.log({ msg: 'a running request was ended: its user is out', user: principal.name });
    if (response.headersSent) response.destroy();
    else reportFault(request, outMeanwhile());
  }
}

/** Requests of one subject have one verdict. */
function subjectKey({ userId, credential, token }: Principal): string {
  return JSON.stringify([userId, credential, token?.id]);
}

function outMeanwhile(): AuthError {
  return new AuthError(
    'OutMeanwhile',
    'Authentication failed: the user or the token of this request is not valid any more. Nothing of it was stored.',
  );
}
