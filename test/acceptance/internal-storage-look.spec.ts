import { rm, truncate } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../e2e/support/expectations.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { StageClient } from './support/stage-client.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await removeFolder(folder);
});

async function withOneFile(): Promise<void> {
  const server = await startServer(folder);
  await new StageClient(server.url).uploadBooks('~');
  await server.stop();
}

async function logged(server: ServerProcess, text: RegExp): Promise<void> {
  try {
    await eventually(() => {
      expect(server.logs()).toMatch(text);
    });
  } finally {
    await server.stop();
  }
}

describe('a start says', () => {
  it('that the folder of the internal storage is gone', async () => {
    await withOneFile();
    await rm(join(folder, 'internal'), { recursive: true });
    await logged(await startServer(folder), /The internal storage cannot be used: .+is its disk mounted\?/);
  });

  it('that the database was emptied', async () => {
    await withOneFile();
    await truncate(join(folder, 'stagedoor.db'));
    await logged(
      await startServer(folder),
      /holds files, and the database knows none of them.+admin -- restore/,
    );
  });

  it('that the store refuses, and does not wait for it', async () => {
    const store = await refusingStore();
    const { port } = store.address() as AddressInfo; // a listening TCP server has one
    const server = await startServer(folder, {
      INTERNAL_STORAGE_URL: 's3://databend/',
      INTERNAL_STORAGE_ENDPOINT_URL: `http://127.0.0.1:${String(port)}`,
      INTERNAL_STORAGE_ACCESS_KEY_ID: 'a',
      INTERNAL_STORAGE_SECRET_ACCESS_KEY: 'b',
    });
    await logged(server, /The internal storage cannot be used: .+databend/);
    store.close();
  });

  it('nothing where all is well, the first time and later', async () => {
    await withOneFile();
    const server = await startServer(folder);
    await new StageClient(server.url).uploadBooks('~');
    await server.stop();
    expect(server.logs()).not.toMatch(/internal storage (cannot|holds)/);
  });
});

/** Stands for a bucket whose key is not let in. */
async function refusingStore(): Promise<Server> {
  const store = createServer((_request, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>no</Message></Error>');
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  return store;
}
