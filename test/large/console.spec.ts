import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';

import {
  ConsoleServer,
  describeWithChromium,
  PASSWORD,
} from '../acceptance/console/support/console-server.js';
import { dropPaths } from '../acceptance/console/support/drop-paths.js';
import { curl } from '../acceptance/support/curl.js';
import { removeFolder, temporaryFolder } from '../acceptance/support/server-process.js';
import { LARGE_BYTES, makeLargeFile } from './support/large-file.js';
import { peakRss } from './support/process-facts.js';
import { report } from './support/report.js';

const run = promisify(execFile);

const MIB = 1024 ** 2;
const SIZE = Math.min(2 * 1024 ** 3, LARGE_BYTES);
const NAMES = Number(process.env['CONSOLE_NAMES'] ?? 1_000_000);
/** Bytes. A browser tab without a page has about 80 MB. */
const MOST_TAB_MEMORY = 300e6;
const MOST_SERVER_MEMORY = 300e6;
const LONGEST_FRAME_MS = 200;
const TIMEOUT_MS = 15 * 60_000;

/** Notes in the page how long each frame takes. */
const WATCH_FRAMES = `(() => {
  let before = performance.now();
  globalThis.longestFrame = 0;
  const next = (now) => {
    globalThis.longestFrame = Math.max(globalThis.longestFrame, now - before);
    before = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})()`;

describeWithChromium('the console with much to do', () => {
  let site: ConsoleServer;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    site = await ConsoleServer.start();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await site.stop();
    await removeFolder(folder);
  }, TIMEOUT_MS);

  it(
    `uploads ${String(SIZE >> 20)} MiB at half of curl's rate at least, in a flat memory`,
    async () => {
      const file = join(folder, 'large.bin');
      await makeLargeFile(file, SIZE);
      await site.root.createStage({ name: 'large' });
      const url = `${site.server.url}/v1/stages/large/files`;
      const byCurl = await timed(async () => {
        expect((await curl('-u', `root:${PASSWORD}`, '-T', file, `${url}/by-curl.bin`)).status).toBe(201);
      });
      const page = await site.openAsRoot('#/stages/large');
      await page.getByRole('link', { name: 'by-curl.bin' }).waitFor();
      const byPage = await timed(async () => {
        await dropPaths(page, [file]);
        await page.getByRole('heading', { name: '1 uploaded' }).waitFor({ timeout: TIMEOUT_MS });
      });
      const [tab, server] = [await site.tabMemory(), await peakRss(site.server.pid)];
      const rate = (ms: number): string => `${(SIZE / MIB / (ms / 1000)).toFixed(0)} MiB/s`;
      report(`curl ${rate(byCurl)}, page ${rate(byPage)}; tab ${inMb(tab)}, server ${inMb(server)} at most`);
      const rows = (await site.root.listFiles('large')) as readonly { name: string; md5?: string }[];
      expect(new Set(rows.map(({ md5 }) => md5)).size).toBe(1);
      expect(rows).toHaveLength(2);
      expect(byCurl / byPage).toBeGreaterThan(0.5);
      expect(tab).toBeLessThan(MOST_TAB_MEMORY);
      expect(server).toBeLessThan(MOST_SERVER_MEMORY);
      await page.close();
    },
    TIMEOUT_MS,
  );

  it(
    `scrolls through ${NAMES.toLocaleString('en')} names, smoothly and in less than 300 MB`,
    async () => {
      await site.root.createStage({ name: 'names' });
      const root = join(site.folder, 'internal/stage/internal/names');
      await mkdir(root, { recursive: true });
      await run('sh', ['-c', `seq -f 'part-%07g.csv' ${String(NAMES)} | xargs touch`], { cwd: root });
      const page = await site.openAsRoot('#/stages/names');
      await page.getByRole('link', { name: 'part-0000001.csv' }).waitFor();
      await page.evaluate(WATCH_FRAMES);
      const read = await timed(async () => scrollToEnd(page));
      const frame = await page.evaluate<number>('globalThis.longestFrame');
      await page.getByRole('link', { name: `part-${String(NAMES).padStart(7, '0')}.csv` }).waitFor();
      const [heap, tab] = [await site.heapBytes(page), await site.tabMemory()];
      report(
        `all names after ${(read / 1000).toFixed(0)} s, longest frame ${frame.toFixed(0)} ms; heap ${inMb(heap)}, tab ${inMb(tab)}`,
      );
      expect(frame).toBeLessThan(LONGEST_FRAME_MS);
      expect(tab).toBeLessThan(MOST_TAB_MEMORY);
    },
    TIMEOUT_MS,
  );
});

/** Scrolls down again and again: each time the next names are asked for. */
async function scrollToEnd(page: Page): Promise<void> {
  const all = page.getByText(`${NAMES.toLocaleString('en')} names`, { exact: true });
  await page.getByRole('region', { name: 'Files' }).focus();
  while ((await all.count()) === 0) {
    await page.keyboard.press('End');
    await page.waitForTimeout(50);
  }
  await page.keyboard.press('End');
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
