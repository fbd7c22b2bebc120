import type { Duplex } from 'node:stream';

/** Long enough for a client to notice the answer and stop; short enough not to keep a socket busy. */
export const LINGER_MS = 2000;

/**
 * Ends a connection whose client may still send: discards its bytes for a while. Closing with unread data would reset
 * the connection, and the client would lose the last answer.
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
