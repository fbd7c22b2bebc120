import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCENE = join(import.meta.dirname, 'support/metadata-namespace.mjs');
/** Of network and mounts, and where nobody else may make these, of users. */
const NAMESPACES = process.geteuid?.() === 0 ? '-nm' : '-rnm';
const ENDPOINTS = [
  'http://169.254.169.254',
  'http://169.254.169.254.:80',
  'http://2852039166',
  'http://0xa9fea9fe',
  'http://0251.0376.0251.0376',
  'http://169.254.43518',
  'http://①⑥⑨.254.169.254',
  'http://[::ffff:169.254.169.254]',
  'http://[::ffff:a9fe:a9fe]',
  'http://[fd00:ec2::254]',
];

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Uses = Readonly<Record<'put' | 'list' | 'get' | 'remove' | 'check', Answer>>;

interface Report {
  readonly arrived: number;
  readonly created: readonly (Answer & { readonly endpoint: string })[];
  readonly named: Answer;
  readonly before: Uses;
  readonly after: Readonly<Record<string, Uses>>;
  readonly connections: number;
}

const canUnshare = spawnSync('unshare', [NAMESPACES, 'true']).status === 0;
if (!canUnshare) process.stderr.write('Skipped: a metadata service on loopback, which takes namespaces.\n');

(canUnshare ? it : it.skip)(
  'a stage reaches a metadata service by no spelling and by no name that changes its meaning',
  async () => {
    const args = [NAMESPACES, process.execPath, SCENE, ...ENDPOINTS];
    const { stdout } = await promisify(execFile)('unshare', args);
    const { arrived, created, named, before, after, connections } = JSON.parse(stdout) as Report;
    expect(arrived).toBe(2);
    expect(created.map(({ endpoint }) => endpoint)).toEqual(ENDPOINTS);
    for (const { status, text } of created) {
      expect([status, text]).toEqual([400, expect.stringContaining('to which no stage may lead')]);
    }
    expect(named.status).toBe(201);
    expect(Object.values(before).map(({ status }) => status)).toEqual([201, 200, 200, 200, 200]);
    for (const uses of Object.values(after)) {
      const { check, ...others } = uses;
      for (const { status, text } of Object.values(others)) {
        expect([status, text]).toEqual([502, expect.stringContaining('to which no stage may lead')]);
      }
      expect(JSON.parse(check.text)).toMatchObject({ ok: false });
      expect(check.text).toContain('to which no stage may lead');
      expect(JSON.stringify(uses)).not.toContain('secret');
    }
    expect(connections).toBe(0);
  },
  120_000,
);
