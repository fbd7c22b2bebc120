import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { signIn, startSite } from './site.mjs';

/* Makes the pictures of docs/console.md anew: `npm run console:screenshots`. */

const FOLDER = join(import.meta.dirname, '../../docs/console');
const VIEWPORT = { width: 1200, height: 680 };

/** Each with its address, and what must be there. */
const PICTURES = [
  { name: 'stages', hash: '#/', shown: 'text=from the shop' },
  { name: 'files', hash: '#/stages/orders', shown: 'text=customers.csv' },
  { name: 'preview', hash: '#/stages/orders?file=customers.csv', shown: 'text=customer 16' },
  { name: 'access', hash: '#/access', shown: '.matrix select >> nth=8' }, // the last cell of three stages and three roles
];

async function main() {
  const site = await startSite();
  try {
    await mkdir(FOLDER, { recursive: true });
    const page = await site.browser.newPage({
      viewport: VIEWPORT,
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await signIn(page, site.url);
    for (const { name, hash, shown } of PICTURES) {
      await page.goto(`${site.url}/${hash}`);
      await page.locator(shown).first().waitFor();
      await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
      console.log(`docs/console/${name}.png`);
    }
  } finally {
    await site.stop();
  }
}

await main();
