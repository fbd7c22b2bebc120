/*
 * Run in namespaces of its own, whose loopback has the addresses of a metadata service: asks a server for stages that lead there,
 * by every spelling and by a name that changes its meaning, and says what was answered and who was connected to.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { startPermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';

/** @import { PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs' */

const LAUNCHER = join(import.meta.dirname, '../../../bin/stagedoor');
const PORT = 8765;
const URL_OF_SERVER = `http://127.0.0.1:${PORT}`;
const METADATA = ['169.254.169.254', 'fd00:ec2::254'];
const HOST = 'store.example.test';
const HEADERS = { authorization: `Basic ${Buffer.from('root:').toString('base64')}` };

/**
 * @param {string} command
 * @param {...string} args
 */
function run(command, ...args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

let connections = 0;

/** @param {number} port */
async function listen(port) {
  for (const address of METADATA) {
    const server = createServer((socket) => {
      connections++;
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret');
    });
    server.listen(port, address);
    await once(server, 'listening');
  }
}

/** Does whoever connects there arrive? Otherwise the rest would prove nothing. */
async function countOwnConnections() {
  for (const host of METADATA) {
    const socket = connect(80, host);
    await once(socket.resume(), 'close');
  }
  const counted = connections;
  connections = 0;
  return counted;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string | object} [body]
 */
async function ask(method, path, body) {
  const json = typeof body === 'object';
  const headers = { ...HEADERS, ...(json ? { 'content-type': 'application/json' } : {}) };
  const sent = json ? JSON.stringify(body) : (body ?? null);
  const answer = await fetch(`${URL_OF_SERVER}${path}`, { method, headers, body: sent });
  return { status: answer.status, text: await answer.text() };
}

/**
 * @param {string} endpoint
 * @param {string} name
 * @param {PermissiveS3} store
 */
function stageAt(endpoint, name, { bucket, accessKeyId, secretAccessKey }) {
  const keys = { access_key_id: accessKeyId, secret_access_key: secretAccessKey };
  return { name, url: `s3://${bucket}/`, connection: { endpoint_url: endpoint, ...keys } };
}

async function untilReady() {
  for (;;) {
    const isReady = await fetch(`${URL_OF_SERVER}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
}

async function useStage() {
  const files = '/v1/stages/moving/files';
  return {
    put: await ask('PUT', `${files}/a.csv`, 'a'),
    list: await ask('GET', files),
    get: await ask('GET', `${files}/a.csv`),
    remove: await ask('DELETE', `${files}/a.csv`),
    check: await ask('POST', '/v1/stages/moving/check'),
  };
}

/**
 * @param {string} hosts
 * @param {readonly string[]} endpoints
 */
async function report(hosts, endpoints) {
  /** @param {string} address */
  const means = (address) => {
    writeFileSync(hosts, `127.0.0.1 localhost\n${address} ${HOST}\n`);
  };
  const s3 = await startPermissiveS3();
  await listen(80);
  await listen(Number(new URL(s3.endpoint).port));
  const arrived = await countOwnConnections();
  const created = [];
  for (const endpoint of endpoints) {
    created.push({ endpoint, ...(await ask('POST', '/v1/stages', stageAt(endpoint, 'literal', s3))) });
  }
  means('127.0.0.1');
  const endpoint = s3.endpoint.replace('127.0.0.1', HOST);
  const named = await ask('POST', '/v1/stages', stageAt(endpoint, 'moving', s3));
  const before = await useStage();
  await s3.stop(); // and with it the connections that are kept
  /** @type {Record<string, Awaited<ReturnType<typeof useStage>>>} */
  const after = {};
  for (const address of METADATA) {
    means(address);
    after[address] = await useStage();
  }
  return { arrived, created, named, before, after, connections };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-namespace-'));
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, '127.0.0.1 localhost\n');
  run('mount', '--bind', hosts, '/etc/hosts');
  run('python3', join(import.meta.dirname, 'loopback-addresses.py'));
  const settings = { HOST: '127.0.0.1', PORT: String(PORT), DATA_DIR: join(folder, 'data') };
  const env = { PATH: process.env['PATH'], HOME: folder, ...settings };
  const server = spawn(LAUNCHER, {
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await untilReady();
    console.log(JSON.stringify(await report(hosts, process.argv.slice(2))));
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

await main();
