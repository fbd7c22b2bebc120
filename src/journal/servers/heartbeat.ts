import { Injectable, Logger } from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { ProcessRepository } from './process.repository.js';

/** A quarter of the time after which others take this server for dead. */
const INTERVAL_MS = 30_000;

/** Shows other servers that this one runs, whatever else it does. */
@Injectable()
export class Heartbeat {
  readonly #logger = new Logger('Servers');
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();

  constructor(private readonly processes: ProcessRepository) {}

  /** Resolves when the others know this server. Never rejects: the next heartbeat comes soon. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => {
      this.#beating = this.#beat();
    }, INTERVAL_MS);
    this.#timer.unref();
    await this.#beat();
  }

  /** Deregisters this server. Never rejects: others notice that its heartbeats have stopped. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    try {
      await this.processes.deregister();
    } catch (error) {
      this.#logger.warn({ msg: 'this server could not sign off', error: loggedError(error) });
    }
  }

  /** Returns the ids of servers that run, this one included. @throws DatabaseError */
  running(): Promise<ReadonlySet<string>> {
    return this.processes.running();
  }

  async #beat(): Promise<void> {
    try {
      await this.processes.heartbeat();
      await this.processes.running(); // observes the others
    } catch (error) {
      this.#logger.warn({
        msg: 'the heartbeat of this server could not be recorded',
        error: loggedError(error),
      });
    }
  }
}
