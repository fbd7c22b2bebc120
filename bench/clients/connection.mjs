import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * One keep-alive connection that sends bytes made beforehand and reads answers with a Content-Length: as little work
 * as a client can do, so that the server's share of the machine is what is measured.
 */
export async function openConnection({ port, hasBody = true }) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const reader = answerReader(hasBody);
  let settle = null;
  const finish = (method, value) => {
    const waiting = settle;
    settle = null;
    waiting?.[method](value);
  };
  socket.on('data', (chunk) => {
    try {
      const status = reader(chunk);
      if (status !== null) finish('resolve', status);
    } catch (error) {
      finish('reject', error);
    }
  });
  socket.on('error', (error) => finish('reject', error));
  socket.on('close', () => finish('reject', new Error('the server closed the connection')));
  return {
    socket,
    /** Resolves with the status when the whole answer has come. */
    exchange: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
}

/** Takes chunks; gives the status once an answer is whole, else null. Throws at one that is no success. */
function answerReader(hasBody) {
  let head = '';
  let missing = -1;
  let status = 0;
  return (chunk) => {
    let bodyBytes = chunk.length;
    if (missing < 0) {
      const before = head.length;
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return null;
      bodyBytes = chunk.length - (end + 4 - before);
      status = Number(head.slice(9, 12));
      missing = hasBody ? contentLength(head.slice(0, end)) : 0;
      if (status >= 300) throw new Error(`${head.slice(0, 400)}`);
      head = '';
    }
    missing -= bodyBytes;
    if (missing > 0) return null;
    missing = -1;
    return status;
  };
}

function contentLength(head) {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (found === null) throw new Error(`an answer without Content-Length: ${head.slice(0, 200)}`);
  return Number(found[1]);
}
