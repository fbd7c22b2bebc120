import process from 'node:process';
import { parseArgs } from 'node:util';

import { flood, signInAs, withServer } from './guesses-run.mjs';

/** `npm run chaos:guesses`: a minute of wrong passwords beside a client that works, and sign-ins with many long names. */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '50' },
    names: { type: 'string', default: '20000' },
    bytes: { type: 'string', default: '8192' },
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
const isWell =
  own.failures.length === 0 && many.failures.length === 0 && many.compared <= 100 && grown.growthMib < 30;
process.exitCode = isWell ? 0 : 1;
