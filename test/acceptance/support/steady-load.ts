import { QueryClient } from './query-client.js';
import { StageClient } from './stage-client.js';

/** A server, as a balancer knows it. */
class Target {
  readonly query: QueryClient;
  readonly stages: StageClient;
  running = 0;

  constructor(readonly url: string) {
    this.query = new QueryClient(url);
    this.stages = new StageClient(url);
  }
}

/** What a piece of work has of the balancer: each call is one request, to a server that is up. */
export type Ask = (
  send: (target: Pick<Target, 'url' | 'query' | 'stages'>) => Promise<Response>,
) => Promise<Response>;

/** Workers that repeat what they do, behind a balancer from which servers can be taken. */
export class SteadyLoad {
  readonly failures: string[] = [];
  /** Requests that were answered as they should, by worker. */
  readonly answered = new Map<string, number>();
  #targets: Target[] = [];
  #turn = 0;
  #isOver = false;
  readonly #workers: Promise<void>[] = [];

  add(url: string): void {
    this.#targets.push(new Target(url));
  }

  /** Resolves when nothing runs there any more. */
  async drain(url: string): Promise<void> {
    const [gone] = this.#targets.filter((target) => target.url === url);
    this.#targets = this.#targets.filter((target) => target !== gone);
    while (gone !== undefined && gone.running > 0) await new Promise((resume) => setTimeout(resume, 5));
  }

  /** @param work is begun again and again; what it throws is a failure. */
  work(name: string, work: (ask: Ask, round: number) => Promise<void>): void {
    this.#workers.push(this.#repeat(name, work));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#workers);
  }

  /** One request to the next server that is up. */
  async ask(name: string, send: Parameters<Ask>[0]): Promise<Response> {
    const target = this.#targets[this.#turn++ % this.#targets.length];
    if (target === undefined) throw new Error('no server is up');
    target.running++;
    try {
      const answer = await send(target);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${String(answer.status)} ${text}`);
      this.answered.set(name, (this.answered.get(name) ?? 0) + 1);
      return new Response(text, answer);
    } finally {
      target.running--;
    }
  }

  async #repeat(name: string, work: (ask: Ask, round: number) => Promise<void>): Promise<void> {
    const ask: Ask = (send) => this.ask(name, send);
    for (let round = 0; !this.#isOver; round++) {
      await work(ask, round).catch((error: unknown) => {
        this.failures.push(
          `${name}: ${String(error instanceof Error ? (error.cause ?? error.message) : error)}`,
        );
      });
    }
  }
}
