import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';

const [, , port, root] = process.argv;

const server = createServer(async (request, response) => {
  if (request.method !== 'PUT') {
    response.writeHead(405).end();
    return;
  }
  try {
    await pipeline(request, createWriteStream(join(root, basename(request.url))));
    response.writeHead(201).end();
  } catch {
    response.destroy();
  }
});
server.requestTimeout = 0;
server.listen(Number(port), '127.0.0.1');
