import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** @typedef {(...args: unknown[]) => unknown} Call */
/** @typedef {{ call: string, inode: number }} Watched */
/** @typedef {(first: unknown, second: unknown) => Watched} Describe */

/**
 * Loaded before the built provider: tells of the calls that make a file durable and visible as they end, in their order. With
 * `INTRUDER` a file of that content takes the place of what is about to get its name, in the last moment.
 *
 * @type {Watched[]}
 */
export const calls = [];

// Its functions are replaced by their names, whatever their parameters are.
const calledFs = /** @type {Record<string, Call>} */ (/** @type {unknown} */ (fs));
const calledPromises = /** @type {Record<string, Call>} */ (/** @type {unknown} */ (fs.promises));

/**
 * @param {Record<string, Call>} owner
 * @param {string} name
 */
function callOf(owner, name) {
  const call = owner[name];
  if (call === undefined) throw new Error(`There is no ${name}`);
  return call;
}

/**
 * @param {string} name
 * @param {Describe} describe
 */
function watchSync(name, describe) {
  const real = callOf(calledFs, name);
  /** @type {Call} */
  const watched = (...args) => {
    const call = describe(args[0], args[1]);
    const result = real(...args);
    calls.push(call);
    return result;
  };
  calledFs[name] = Object.assign(watched, real);
}

/**
 * @param {string} name
 * @param {Describe} describe
 */
function watchCallback(name, describe) {
  const real = callOf(calledFs, name);
  calledFs[name] = (...args) => {
    const callback = /** @type {Call} */ (args.pop()); // the last argument of each of these
    const call = describe(args[0], args[1]);
    real(...args, (/** @type {unknown[]} */ ...results) => {
      calls.push(call);
      callback(...results);
    });
  };
}

/**
 * @param {string} name
 * @param {Describe} describe
 */
function watchPromise(name, describe) {
  const real = callOf(calledPromises, name);
  calledPromises[name] = async (...args) => {
    const call = describe(args[0], args[1]);
    const result = await real(...args);
    calls.push(call);
    return result;
  };
}

const writeFileSync = fs.writeFileSync;
/** @type {(call: string) => Describe} */
const ofFile = (call) => (fd) => ({ call, inode: fs.fstatSync(/** @type {number} */ (fd)).ino });
/** @type {(call: string) => Describe} */
const naming = (call) => (from, to) => {
  const { INTRUDER: intruder } = process.env;
  if (intruder !== undefined) writeFileSync(/** @type {string} */ (to), intruder, { flag: 'wx' });
  return { call, inode: fs.lstatSync(/** @type {string} */ (from)).ino };
};

for (const call of ['fsync', 'fdatasync']) watchCallback(call, ofFile(call));
for (const call of ['fsyncSync', 'fdatasyncSync']) watchSync(call, ofFile(call.slice(0, -4)));
watchSync('renameSync', naming('name'));
watchSync('linkSync', naming('name'));
watchCallback('rename', naming('name'));
watchCallback('link', naming('name'));
watchPromise('rename', naming('name'));
watchPromise('link', naming('name'));
syncBuiltinESMExports();
