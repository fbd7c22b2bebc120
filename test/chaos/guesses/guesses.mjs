import process from 'node:process';
import { parseArgs } from 'node:util';

import { flood, signInAs, withServer } from './guesses-run.mjs';
import { uploadsBeside } from './uploads-beside.mjs';

/**
 * `npm run chaos:guesses`: a minute of wrong passwords beside a client that works, sign-ins with many long names, and uploads with
 * and without a hundred wrong passwords a second beside them.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    names: { type: 'string', default: '20000' },
    bytes: { type: 'string', default: '8192' },
    slices: { type: 'string', default: '6' },
  },
});

const plan = { seconds: Number(values.seconds), perSecond: Number(values.rate) };
const own = await withServer((server) => flood(server, { ...plan, addresses: ['127.0.0.1'] }));
console.log('from the address of the client that works:', own);
const addresses = Array.from({ length: 50 }, (_none, index) => `127.0.1.${String(index + 1)}`);
const many = await withServer((server) => flood(server, { ...plan, addresses }));
console.log('from fifty addresses:', many);
const names = { names: Number(values.names), bytes: Number(values.bytes) };
const grown = await withServer((server) => signInAs(server, names));
console.log(`${values.names} names of ${values.bytes} bytes:`, grown);
const uploads = { slices: Number(values.slices), sliceSeconds: 5, perSecond: 100 };
const { alone, beside, ratio, guesses } = await withServer((server) => uploadsBeside(server, uploads));
console.log(
  `uploads/s alone: ${rounded(alone)}; beside ${String(guesses)} wrong passwords: ${rounded(beside)}`,
);
console.log(`uploads keep ${(ratio * 100).toFixed(0)} % of their speed`);
const isWell =
  ratio >= 0.9 &&
  own.failures.length === 0 &&
  many.failures.length === 0 &&
  many.compared <= 100 &&
  grown.growthMib < 30;
process.exitCode = isWell ? 0 : 1;

/** @param {readonly number[]} values */
function rounded(values) {
  return values.map((value) => Math.round(value)).join(' ');
}
