import { writeFileSync } from 'node:fs';
import process from 'node:process';

import { startBuiltServer } from './lib/built-server.mjs';
import { clientTypes, installClientTools, TYPES_FILE } from './lib/typescript/client-tools.mjs';

/* Makes the types of clients/typescript of the document that the built server gives: `npm run client:types`. */

async function main() {
  const problem = await installClientTools((line) => console.error(line));
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const server = await startBuiltServer();
  try {
    const answer = await fetch(`http://${server.host}/openapi.json`);
    writeFileSync(TYPES_FILE, await clientTypes(await answer.text()));
    return 0;
  } finally {
    await server.stop();
  }
}

process.exitCode = await main();
