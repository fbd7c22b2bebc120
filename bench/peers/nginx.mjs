import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { freePort } from '../../scripts/lib/free-port.mjs';
import { runCommand } from '../../scripts/lib/run-command.mjs';
import { emptyFolder } from '../lib/workspace.mjs';
import { startService } from '../load/service.mjs';
import { Unavailable } from '../lib/unavailable.mjs';
import { findProgram, SYSTEM_FOLDERS } from '../../scripts/lib/programs.mjs';
import { cached } from './found-program.mjs';

/** An nginx that stores what is PUT, and sends it back: `{ host, root, pid, pids, version, stop }`. */
export async function startNginx({ folder, report }) {
  const file = await findNginx(report);
  const port = await freePort();
  const root = join(folder, 'files');
  for (const name of ['files', 'body', 'logs']) emptyFolder(join(folder, name));
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration({ port, folder }));
  const host = `127.0.0.1:${port}`;
  const service = await startService({
    name: 'nginx',
    file,
    args: ['-p', folder, '-c', configuration, '-e', join(folder, 'logs/error.log')],
    logFile: join(folder, 'nginx.out'),
    healthUrl: `http://${host}/`,
  });
  return { host, root, version: await versionOf(file), ...service };
}

async function versionOf(file) {
  const said = await runCommand('sh', ['-c', '"$0" -v 2>&1', file]);
  return said.trim().replace(/^.*nginx\//, '');
}

async function findNginx(report) {
  const installed = findProgram('nginx', SYSTEM_FOLDERS);
  return installed ?? cached('nginx-debian/nginx', (scratch) => nginxOfDebian(scratch, report));
}

async function nginxOfDebian(scratch, report) {
  if (findProgram('apt-get') === undefined || findProgram('dpkg') === undefined) {
    throw new Unavailable('no nginx is on the PATH, and without apt-get and dpkg it cannot be fetched');
  }
  report('fetching the package nginx from Debian');
  await runCommand('apt-get', ['download', 'nginx'], { cwd: scratch });
  await runCommand('sh', ['-c', 'dpkg -x nginx_*.deb tree'], { cwd: scratch });
  const binary = join(scratch, 'tree/usr/sbin/nginx');
  await runCommand(binary, ['-v']); // Says which library it misses.
  return binary;
}

/** As it comes, but for: a worker for each core, no limit of size, and a body that is renamed into place, not copied. */
function nginxConfiguration({ port, folder }) {
  const user = process.getuid() === 0 ? 'user root;' : '';
  return `${user}
daemon off;
worker_processes ${cpus().length};
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log ${folder}/logs/access.log;
  sendfile on;
  client_max_body_size 0;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/body;
  fastcgi_temp_path ${folder}/body;
  uwsgi_temp_path ${folder}/body;
  scgi_temp_path ${folder}/body;
  keepalive_requests 10000000;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
    location / {
      dav_methods PUT;
      create_full_put_path on;
    }
  }
}
`;
}
