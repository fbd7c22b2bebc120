import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An answer or the connection's end must come so soon. */
const BOUND_MS = 15_000;

/** A raw connection to a server that is kept alive from request to request, and made anew where it has ended. */
export class FormConnection {
  #port;
  #socket;
  #received = '';
  #isOver = false;
  #wake = () => undefined;

  constructor(port) {
    this.#port = port;
  }

  /**
   * Sends bytes and waits for the answer.
   *
   * @param splits where a write ends. @param last whether nothing will follow on this connection, which is then closed
   *   for writing.
   * @returns `{ status, headers, body }`, `closed` where the connection ended without an answer, or `hang`.
   */
  async exchange(bytes, { splits, last }) {
    if (this.#socket === undefined) this.#open();
    await this.#write(bytes, splits);
    if (last) this.#socket.end();
    const answer = await this.#answer();
    if (last || answer === 'hang' || this.#isOver || !isKept(answer)) this.close();
    return answer;
  }

  close() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open() {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.#received = '';
    this.#isOver = false;
    const over = () => {
      if (this.#socket !== socket) return;
      this.#isOver = true;
      this.#wake();
    };
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('end', over);
    socket.on('close', over);
    this.#socket = socket;
  }

  async #write(bytes, splits) {
    let from = 0;
    for (const to of splits) {
      this.#socket.write(bytes.subarray(from, to));
      from = to;
      await delay(2);
    }
    this.#socket.write(bytes.subarray(from));
  }

  async #answer() {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, BOUND_MS);
    try {
      for (;;) {
        const answer = this.#takeAnswer() ?? (this.#isOver ? 'closed' : isLate ? 'hang' : undefined);
        if (answer !== undefined) return answer;
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** The service says the length of each of its answers. */
  #takeAnswer() {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const headers = this.#received.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return undefined;
    const body = this.#received.slice(end + 4, end + 4 + length);
    this.#received = this.#received.slice(end + 4 + length);
    const status = Number(headers.slice(9, 12));
    if (status === 100) return this.#takeAnswer();
    return { status, headers, body };
  }
}

/** Node's own answers, such as 417, say no length, and nothing may follow them here. */
function isKept({ headers = '' }) {
  return /\r\ncontent-length: /i.test(headers) && !/\r\nconnection: close/i.test(headers);
}
