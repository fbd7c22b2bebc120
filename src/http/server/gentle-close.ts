import type { Duplex } from 'node:stream';

/** Long enough for a client to notice the answer and stop; short enough to lend nobody a socket. */
export const LINGER_MS = 2000;

/**
 * Ends a connection whose client may still send: what comes is thrown away for a while. Closing under data that nobody has
 * read would reset the connection, and take the last answer away with it.
 */
export function closeGently(socket: Duplex): void {
  if (socket.destroyed) return;
  socket.end();
  socket.resume();
  const deadline = setTimeout(() => socket.destroy(), LINGER_MS);
  deadline.unref();
  socket.once('close', () => {
    clearTimeout(deadline);
  });
}
