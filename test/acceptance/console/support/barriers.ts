import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page, light and dark. */
export async function barriers(page: Page): Promise<readonly string[]> {
  return [...(await barriersIn(page, 'light')), ...(await barriersIn(page, 'dark'))];
}

async function barriersIn(page: Page, colorScheme: 'light' | 'dark'): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }); // else a colour may be on its way to another one
  const axe = new AxeBuilder({ page });
  // The elements are the same in both, and only their colours are not.
  const found = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze();
  expect(found.passes.length).toBeGreaterThan(0);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${colorScheme} ${id}: ${html.slice(0, 200)}`),
  );
}
