/*
 * Where a server's time went: `node bench/profile.mjs <file.cpuprofile>` says which packages and which functions it was
 * in, by themselves and not what they call.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import process from 'node:process';

const MOST = 25;
const maps = new Map();

function selfTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map();
  samples.forEach((id, i) => times.set(id, (times.get(id) ?? 0) + timeDeltas[i]));
  return [...times].map(([id, microseconds]) => ({ ...unbundled(byId.get(id).callFrame), microseconds }));
}

/** Where a function of the bundle comes from. */
function unbundled(frame) {
  const { url, lineNumber, columnNumber } = frame;
  const origin = url.startsWith('file:') ? mapOf(url)?.findEntry(lineNumber, columnNumber) : undefined;
  if (origin?.originalSource === undefined) return frame;
  return { ...frame, url: new URL(origin.originalSource, url).href, lineNumber: origin.originalLine };
}

function mapOf(url) {
  if (!maps.has(url)) {
    const file = new URL(`${url}.map`);
    maps.set(url, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
  }
  return maps.get(url);
}

function packageOf({ url, functionName }) {
  if (url === '') return functionName === '(idle)' ? '(idle)' : '(engine and native code)';
  if (url.startsWith('node:')) return url;
  const parts = url.split('/node_modules/');
  if (parts.length === 1) return url.replace(/^.*\/dist\/src\//, '').split('/')[0];
  const names = parts.at(-1).split('/');
  return names[0].startsWith('@') ? names.slice(0, 2).join('/') : names[0];
}

function functionOf(frame) {
  const place = frame.url.replace(/^.*\/(node_modules|dist\/src)\//, '');
  return `${frame.functionName || '(anonymous)'} ${place}${place === '' ? '' : `:${frame.lineNumber + 1}`}`;
}

function totals(frames, nameOf) {
  const sums = new Map();
  for (const frame of frames) {
    const name = nameOf(frame);
    sums.set(name, (sums.get(name) ?? 0) + frame.microseconds);
  }
  return [...sums].sort(([, one], [, other]) => other - one);
}

function print(heading, sums, all) {
  console.log(heading);
  for (const [name, microseconds] of sums.slice(0, MOST)) {
    const share = ((100 * microseconds) / all).toFixed(1).padStart(5);
    console.log(`${share} %  ${(microseconds / 1e6).toFixed(2).padStart(7)} s  ${name}`);
  }
}

const frames = selfTimes(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const busy = frames.filter(({ functionName }) => functionName !== '(idle)');
const all = busy.reduce((sum, { microseconds }) => sum + microseconds, 0);
print('by package', totals(busy, packageOf), all);
print('by function', totals(busy, functionOf), all);
