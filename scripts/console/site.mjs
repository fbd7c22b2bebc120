import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { startBuiltServer } from '../lib/built-server.mjs';
import { findProgram } from '../lib/programs.mjs';

const BOOKS = join(import.meta.dirname, '../../test/fixtures/books.parquet');
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'];
export const PASSWORD = 'a password of root';

/** The path of a Chromium. @throws Error that says how to get one. */
export function chromiumPath() {
  for (const name of CHROMIUM) {
    const path = findProgram(name);
    if (path !== undefined) return path;
  }
  throw new Error('There is no chromium on the PATH (Debian: apt-get install chromium)');
}

/** The built server with a few stages, files, people and grants to look at, and a browser. */
export async function startSite() {
  const server = await startBuiltServer({ ROOT_PASSWORD: PASSWORD });
  const url = `http://${server.host}`;
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  const stop = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    await fill(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, browser, stop };
}

/** @param {import('playwright-core').Page} page @param {string} url */
export async function signIn(page, url) {
  await page.goto(`${url}/`);
  await page.getByLabel('Name').fill('root');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** @param {string} url */
async function fill(url) {
  const send = sender(url);
  await send('POST', '/v1/stages', { name: 'orders', comment: 'from the shop, each night' });
  await send('POST', '/v1/stages', { name: 'reports' });
  const connection = {
    endpoint_url: 'http://127.0.0.1:9000',
    access_key_id: 'key',
    secret_access_key: 'secret',
  };
  await send('POST', '/v1/stages', { name: 'archive', url: 's3://archive/2026/', connection });
  for (const name of ['analysts', 'loaders']) await send('POST', '/v1/roles', { name });
  await send('POST', '/v1/users', { name: 'ada', auth_string: 'a password of ada', roles: ['analysts'] });
  await send('POST', '/v1/users', { name: 'nightly', auth_string: 'a password of it', roles: ['loaders'] });
  await send('PUT', '/v1/stages/orders/grants/roles/analysts', { privileges: ['READ'] });
  await send('PUT', '/v1/stages/orders/grants/roles/loaders', { privileges: ['READ', 'WRITE'] });
  const books = new Uint8Array(await readFile(BOOKS));
  const rows = [
    'id,customer,amount',
    ...Array.from({ length: 200 }, (_, row) => `${row},customer ${row % 17},${row * 3}`),
  ];
  for (const day of ['2026-11-28', '2026-11-29', '2026-11-30'])
    await send('PUT', `/v1/stages/orders/files/${encodeURIComponent(`${day}/orders.csv`)}`, rows.join('\n'));
  await send('PUT', '/v1/stages/orders/files/books.parquet', books);
  await send('PUT', '/v1/stages/orders/files/customers.csv', rows.slice(0, 40).join('\n'));
}

/** @param {string} url */
function sender(url) {
  const authorization = `Basic ${Buffer.from(`root:${PASSWORD}`).toString('base64')}`;
  /** @type {(method: string, path: string, body: string | Uint8Array<ArrayBuffer> | object) => Promise<void>} */
  return async (method, path, body) => {
    const isFile = typeof body === 'string' || body instanceof Uint8Array;
    const type = isFile ? 'application/octet-stream' : 'application/json';
    const headers = { authorization, 'content-type': type };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      body: isFile ? body : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
}
