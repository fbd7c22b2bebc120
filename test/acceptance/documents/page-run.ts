import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { QueryClient } from '../support/query-client.js';
import type { PageAddresses } from './page-addresses.js';
import type { PageServer } from './page-server.js';
import type { PageShell } from './page-shell.js';
import { isCommand, type Step } from './page-steps.js';
import type { PageWorkspace } from './page-workspace.js';
import { isAsShown, promisedExitCode, withoutVolatileParts } from './shown-output.js';
import { settingsOf, untilStart } from './server-command.js';

/** What the steps of a page work with. */
export interface PageParts {
  readonly workspace: PageWorkspace;
  readonly environment: NodeJS.ProcessEnv;
  readonly shell: PageShell;
  readonly server: PageServer;
  readonly addresses: PageAddresses;
}

export interface PageResult {
  readonly commands: number;
  /** Each with its place, what was run, what the page shows and what came. */
  readonly failures: readonly string[];
}

type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;

/** One run through the steps of a page. */
export class PageRun {
  readonly #path: string;
  readonly #parts: PageParts;
  readonly #failures: string[] = [];

  constructor(path: string, parts: PageParts) {
    this.#path = path;
    this.#parts = parts;
  }

  /** Ends at the first command that fails: what follows builds on it. Other output than shown is noted, and more is run. */
  async all(steps: readonly Step[]): Promise<PageResult> {
    for (const step of steps) {
      if (!(await this.#step(step))) break;
    }
    return { commands: steps.filter(isCommand).length, failures: this.#failures };
  }

  async #step(step: Step): Promise<boolean> {
    const { workspace, addresses, server } = this.#parts;
    switch (step.kind) {
      case 'run':
        return this.#run(step);
      case 'serve':
        return this.#serve(step);
      case 'query':
        return this.#query(step);
      case 'write':
        await workspace.write(step.name, addresses.toRun(step.text));
        return true;
      case 'stop':
        await server.stop();
        return true;
      case 'leaveOut':
        return true;
    }
  }

  async #run({ line, command, output }: StepOf<'run'>): Promise<boolean> {
    const { shell, addresses } = this.#parts;
    const answer = await shell.run(addresses.toRun(command), promisedExitCode(output));
    const printed = addresses.toShow(answer.output);
    if (answer.ended !== null)
      return this.#fail(line, `$ ${command}`, `It failed: ${answer.ended}\n${printed}`);
    if (output === null || isAsShown(addresses.toShow(output), printed)) return true;
    this.#fail(
      line,
      `$ ${command}`,
      `The page shows:\n${output}\nIt printed:\n${withoutVolatileParts(printed)}`,
    );
    return true;
  }

  async #serve({ line, command }: StepOf<'serve'>): Promise<boolean> {
    const { workspace, environment, shell, server, addresses } = this.#parts;
    const file = join(workspace.controlFolder, 'settings');
    const { ended, output } = await shell.run(untilStart(addresses.toRun(command), file));
    if (ended !== null) return this.#fail(line, `$ ${command}`, `It failed: ${ended}\n${output}`);
    try {
      await server.restart(settingsOf(await readFile(file, 'utf8'), environment));
      return true;
    } catch (error) {
      return this.#fail(line, `$ ${command}`, messageOf(error));
    }
  }

  async #query({ line, sql }: StepOf<'query'>): Promise<boolean> {
    const { server, addresses } = this.#parts;
    const credentials = Buffer.from(`root:${server.rootPassword}`).toString('base64');
    try {
      await new QueryClient(server.url, `Basic ${credentials}`).rows(addresses.toRun(sql));
      return true;
    } catch (error) {
      return this.#fail(line, sql, messageOf(error));
    }
  }

  #fail(line: number, command: string, what: string): false {
    this.#failures.push(`${this.#path}:${String(line)}\n${command}\n${what}`);
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
