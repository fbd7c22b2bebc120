import { join } from 'node:path';

import { startServer, type Environment, type ServerProcess } from '../support/server-process.js';

/** The server of a page: it can start again with other settings, and keeps its address and its data. */
export class PageServer {
  readonly #folder: string;
  #server: ServerProcess;
  #rootPassword = '';

  static async start(folder: string): Promise<PageServer> {
    return new PageServer(folder, await startServer(join(folder, 'data'), {}, folder));
  }

  private constructor(folder: string, server: ServerProcess) {
    this.#folder = folder;
    this.#server = server;
  }

  get url(): string {
    return this.#server.url;
  }

  /** What a start has set last: it stays. */
  get rootPassword(): string {
    return this.#rootPassword;
  }

  async restart(settings: Environment): Promise<void> {
    const address = { HOST: '127.0.0.1', PORT: new URL(this.url).port };
    await this.#server.stop();
    this.#rootPassword = settings['ROOT_PASSWORD'] ?? this.#rootPassword;
    this.#server = await startServer(join(this.#folder, 'data'), { ...settings, ...address }, this.#folder);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}
