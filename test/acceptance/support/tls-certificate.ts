import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TlsCertificate {
  /** Files: the certificate, its key, and both in one, as HAProxy wants them. */
  readonly chain: string;
  readonly key: string;
  readonly both: string;
}

/** A certificate for `localhost` that only those trust who are told to. */
export async function makeCertificate(folder: string): Promise<TlsCertificate> {
  const [chain, key, both] = ['chain.pem', 'key.pem', 'both.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  await run('openssl', ['req', '-x509', '-days', '2', ...names, ...keys, '-out', chain]);
  await writeFile(both, (await readFile(chain, 'utf8')) + (await readFile(key, 'utf8')), { mode: 0o600 });
  return { chain, key, both };
}
