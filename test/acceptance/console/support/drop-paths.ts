import type { Page } from 'playwright-core';

/** Drops files and folders of this machine onto the middle of what is shown, as a hand with a mouse does. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const place = { x: Math.floor(size.width / 2), y: Math.floor(size.height / 2) };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place, data });
  await session.detach();
}
