import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startProxy, type FrontProxy, type ProxyName } from './front-proxy.js';
import { freePort, removeFolder, startServer, temporaryFolder, type Environment } from './server-process.js';
import { makeCertificate } from './tls-certificate.js';

/** Stagedoor with a proxy in front. */
export interface Behind {
  readonly folder: string;
  readonly internalFolder: string;
  /** Of the proxy. */
  readonly base: string;
  readonly certificateFile: string;
  readonly ca: string;
  readonly proxy: FrontProxy;
  stop(): Promise<void>;
}

/** Both on free ports of loopback, in a folder that goes with them. */
export async function startBehind(name: ProxyName, program: string, settings: Environment): Promise<Behind> {
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const certificate = await makeCertificate(folder);
  const server = await startServer(dataDir, settings);
  const port = await freePort();
  const place = { folder, port, server: new URL(server.url).host, certificate };
  const proxy = await startProxy(name, program, place).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    folder,
    internalFolder: join(dataDir, 'internal'),
    base: `https://localhost:${String(port)}`,
    certificateFile: certificate.chain,
    ca: await readFile(certificate.chain, 'utf8'),
    proxy,
    stop: async () => {
      await proxy.stop();
      await server.stop();
      await removeFolder(folder);
    },
  };
}
