import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { StageClient } from './stage-client.js';

export interface ShownFile {
  readonly name: string;
  readonly size: number;
  readonly md5: string | null;
  readonly creator: string | null;
}

/** A stage to which files come, of which some are replaced and some removed, until it is told to stop. */
export class BusyStage {
  /** Names to the md5 of what was acknowledged; neither replaced nor removed. */
  readonly acknowledged = new Map<string, string>();
  readonly #client: StageClient;
  readonly #stage: string;
  readonly #workers: Promise<void>[];
  #isOver = false;

  constructor(url: string, stage: string) {
    this.#client = new StageClient(url);
    this.#stage = stage;
    this.#workers = [this.#upload('a'), this.#upload('b'), this.#replace(), this.#remove()];
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#workers);
  }

  async #upload(worker: string): Promise<void> {
    for (let i = 0; !this.#isOver; i++) {
      const name = `${worker}/file ${String(i)}.txt`;
      const content = `${name} `.repeat(1 + (i % 50));
      await this.#put(name, content);
      this.acknowledged.set(name, md5Of(content));
    }
  }

  async #replace(): Promise<void> {
    for (let i = 0; !this.#isOver; i++) await this.#put('replaced.txt', `version ${String(i)}`);
  }

  async #remove(): Promise<void> {
    for (let i = 0; !this.#isOver; i++) {
      await this.#put('removed.txt', `version ${String(i)}`);
      await setTimeout(5);
      const path = `/v1/stages/${this.#stage}/files/removed.txt`;
      expect((await this.#client.send(path, { method: 'DELETE' })).status).toBe(200);
    }
  }

  async #put(name: string, content: string): Promise<void> {
    const path = `/v1/stages/${this.#stage}/files/${encodeURIComponent(name)}`;
    const answer = await this.#client.send(path, { method: 'PUT', body: content });
    expect([200, 201]).toContain(answer.status);
    await answer.arrayBuffer();
  }
}

export async function filesIn(url: string, stage: string): Promise<Map<string, ShownFile>> {
  const answer = await new StageClient(url).send(`/v1/stages/${stage}/files?limit=100000`);
  const { files } = (await answer.json()) as { files: ShownFile[] };
  return new Map(files.map((file) => [file.name, file]));
}

export function md5Of(content: string | Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
