import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded before the built provider: tells of the calls that make a file durable and visible as they end, in their order. With
 * `INTRUDER` a file of that content takes the place of what is about to get its name, in the last moment.
 */
export const calls = [];

function watchSync(name, describe) {
  const real = fs[name];
  const watched = (...args) => {
    const call = describe(...args);
    const result = real(...args);
    calls.push(call);
    return result;
  };
  fs[name] = Object.assign(watched, real);
}

function watchCallback(name, describe) {
  const real = fs[name];
  fs[name] = (...args) => {
    const callback = args.pop();
    const call = describe(...args);
    real(...args, (error, ...results) => {
      calls.push(call);
      callback(error, ...results);
    });
  };
}

function watchPromise(name, describe) {
  const real = fs.promises[name];
  fs.promises[name] = async (...args) => {
    const call = describe(...args);
    const result = await real(...args);
    calls.push(call);
    return result;
  };
}

const writeFileSync = fs.writeFileSync;
const ofFile = (call) => (fd) => ({ call, inode: fs.fstatSync(fd).ino });
const naming = (call) => (from, to) => {
  if (process.env.INTRUDER !== undefined) writeFileSync(to, process.env.INTRUDER, { flag: 'wx' });
  return { call, inode: fs.lstatSync(from).ino };
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
