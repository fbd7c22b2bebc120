import process from 'node:process';

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs the synchronous `cleanUp` when the process ends by a signal or by exit(). Returns a function that calls
 * it off. A signal still ends the process afterwards, unless somebody else listens for it too.
 * @param {() => void} cleanUp
 */
export function onInterruption(cleanUp) {
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    callOff();
    cleanUp();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const callOff = () => {
    process.off('exit', cleanUp);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.once('exit', cleanUp);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return callOff;
}
