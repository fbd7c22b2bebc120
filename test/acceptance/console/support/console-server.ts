import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { findChromium, startBrowser } from '../../support/browser.js';
import {
  removeFolder,
  startServer,
  temporaryFolder,
  type Environment,
  type ServerProcess,
} from '../../support/server-process.js';
import { StageClient } from '../../support/stage-client.js';
import { storesOfRun } from './stores-of-run.js';

/** A name of this machine for browsers. They do not trust it as they do 127.0.0.1. */
const OTHER_NAME = 'console.example';

export const PASSWORD = 'a password of root';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    'The console is not opened: there is no chromium on the PATH (Debian: apt-get install chromium)',
  );
}
export const describeWithChromium = chromium === undefined ? describe.skip : describe;

/** A server with a console, and a browser that looks at it. */
export class ConsoleServer {
  /** What the pages complained of. */
  readonly complaints: string[] = [];
  readonly requested: string[] = [];

  private constructor(
    readonly server: ServerProcess,
    readonly root: StageClient,
    private readonly browser: Browser,
    /** Its DATA_DIR. */
    readonly folder: string,
  ) {}

  static async start(environment: Environment = { ROOT_PASSWORD: PASSWORD }): Promise<ConsoleServer> {
    const folder = await temporaryFolder();
    const server = await startServer(folder, { ...(await storesOfRun()), ...environment });
    const root = new StageClient(server.url, environment['ROOT_PASSWORD'] ?? '');
    return new ConsoleServer(server, root, await startBrowser(chromium ?? '', [OTHER_NAME]), folder);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await removeFolder(this.folder);
  }

  /** The server as another machine sees it: over plain http, where a page is trusted with less. */
  get untrustedUrl(): string {
    return this.server.url.replace('127.0.0.1', OTHER_NAME);
  }

  /** Opens a page in a tab of its own, where nobody is signed in. */
  async open(hash = '#/', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ acceptDownloads: true, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => this.complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('request', (request) => this.requested.push(request.url()));
    await page.goto(`${this.server.url}/${hash}`);
    return page;
  }

  /** The most memory that one tab has resident, in bytes. */
  async tabMemory(): Promise<number> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const tabs = processInfo.filter(({ type }) => type === 'renderer');
    return Math.max(...(await Promise.all(tabs.map(async ({ id }) => residentBytes(id)))));
  }

  /** Opens a page where `root` is signed in. */
  async openAsRoot(hash = '#/', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(hash, options);
    await signIn(page, 'root', PASSWORD);
    return page;
  }
}

export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
