import { createRequire } from 'node:module';
import process from 'node:process';
import { setTimeout as rest } from 'node:timers/promises';

/** @typedef {{ queryRow: (sql: string) => Promise<{ values: () => unknown[] }>, close: () => Promise<void> }} Connection */
/**
 * As far as it is used here.
 *
 * @typedef {{ Client: new (dsn: string) => { getConn: () => Promise<Connection> } }} Driver
 */

// Asks, rests with its connection open, and asks again: the driver reads the heartbeat's interval from the
// environment that its process was started with.
const [driver = '', dsn = '', milliseconds] = process.argv.slice(2);
const { Client } = /** @type {Driver} */ (createRequire(import.meta.url)(driver));
const connection = await new Client(dsn).getConn();
const one = async () => (await connection.queryRow('SELECT 1')).values();

const first = await one();
await rest(Number(milliseconds));
console.log(JSON.stringify([first, await one()]));
await connection.close();
