import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';

import { removeFolder, temporaryFolder } from '../../acceptance/support/server-process.js';
import { memoryOf, type ProcessMemory } from './process-facts.js';

/** Sends a command, and waits for what comes of it. */
type Send = CDPSession['send'];

const LOOKS_EVERY_MS = 50;

/**
 * A tab without Playwright. That watches the network, and a tab whose network is watched keeps the body of each answer: of a
 * million names, 110 MB that no reader's tab holds.
 */
export class BareTab {
  private constructor(
    private readonly browser: ChildProcess,
    private readonly folder: string,
    private readonly toBrowser: Send,
    private readonly toTab: Send,
  ) {}

  static async open(executable: string, url: string): Promise<BareTab> {
    const folder = await temporaryFolder();
    const options = ['--headless', '--no-sandbox', '--no-first-run', `--user-data-dir=${folder}`];
    const browser = spawn(executable, [...options, '--remote-debugging-pipe', url], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const tools = new DevTools(browser);
    const toBrowser = tools.sender();
    const { targetInfos } = await toBrowser('Target.getTargets');
    const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId ?? '';
    const { sessionId } = await toBrowser('Target.attachToTarget', { targetId, flatten: true });
    return new BareTab(browser, folder, toBrowser, tools.sender(sessionId));
  }

  async close(): Promise<void> {
    const ended = once(this.browser, 'exit');
    await this.toBrowser('Browser.close');
    await ended;
    await removeFolder(this.folder);
  }

  async evaluate<Value>(expression: string): Promise<Value> {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.toTab('Runtime.evaluate', options);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description);
    return result.value as Value;
  }

  /** Waits until an expression is true, and does something in between. */
  async until(expression: string, meanwhile?: () => Promise<void>): Promise<void> {
    while (!(await this.evaluate<boolean>(expression))) {
      await meanwhile?.();
      await delay(LOOKS_EVERY_MS);
    }
  }

  async type(text: string): Promise<void> {
    await this.toTab('Input.insertText', { text });
  }

  async press(key: string, windowsVirtualKeyCode: number): Promise<void> {
    for (const type of ['rawKeyDown', 'keyUp'] as const)
      await this.toTab('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode });
  }

  /** What scripts hold, in bytes, after what they hold no more was freed. */
  async heapBytes(): Promise<number> {
    await this.toTab('HeapProfiler.collectGarbage');
    const { usedSize } = await this.toTab('Runtime.getHeapUsage');
    return usedSize;
  }

  /** The memory of the browser's largest process for pages. */
  async memory(): Promise<ProcessMemory> {
    const { processInfo } = await this.toBrowser('SystemInfo.getProcessInfo');
    const tabs = processInfo.filter(({ type }) => type === 'renderer');
    const memories = await Promise.all(tabs.map(async ({ id }) => memoryOf(id)));
    const [largest] = memories.toSorted((one, other) => other.privateBytes - one.privateBytes);
    if (largest === undefined) throw new Error('There is no tab.');
    return largest;
  }
}

interface Answer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: unknown;
}

/** Commands to a browser, and its answers, each ended by a null byte. */
class DevTools {
  readonly #commands: Writable;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #begun = '';
  #latest = 0;

  /** @param browser that reads commands from its file 3, and answers on 4. */
  constructor(browser: ChildProcess) {
    const [, , , commands, answers] = browser.stdio as unknown as [null, null, null, Writable, Readable];
    this.#commands = commands;
    answers.setEncoding('utf8').on('data', (text: string) => {
      const messages = (this.#begun + text).split('\0');
      this.#begun = messages.pop() ?? '';
      for (const message of messages) this.#settle(JSON.parse(message) as Answer);
    });
  }

  /** @param session of a tab; the browser itself without one. */
  sender(session?: string): Send {
    return async (method, params) => (await this.#answerTo(method, params, session)) as never; // by the protocol
  }

  async #answerTo(method: string, params: unknown, sessionId: string | undefined): Promise<unknown> {
    const id = ++this.#latest;
    this.#commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { error, result } = await new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #settle(answer: Answer): void {
    this.#waiting.get(answer.id ?? 0)?.(answer);
    this.#waiting.delete(answer.id ?? 0);
  }
}
