import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** @import { Socket } from 'node:net' */

/** @typedef {{ status: number, headers: string, body: string }} FormAnswer */
/** @typedef {FormAnswer | 'closed' | 'hang'} FormEnd `closed` where the connection ended without an answer. */

/** An answer or the connection's end must come so soon. */
const BOUND_MS = 15_000;

/** A raw connection to a server that is kept alive from request to request, and made anew where it has ended. */
export class FormConnection {
  #port;
  /** @type {Socket | undefined} */
  #socket;
  #received = '';
  #isOver = false;
  /** @type {() => void} */
  #wake = () => undefined;

  /** @param {number} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * Sends bytes and waits for the answer.
   *
   * @param {Buffer} bytes
   * @param {{ splits: readonly number[], last: boolean }} manner `splits` are where a write ends. With `last` nothing will follow
   *   on this connection, which is then closed for writing.
   * @returns {Promise<FormEnd>}
   */
  async exchange(bytes, { splits, last }) {
    const socket = this.#socket ?? this.#open();
    await this.#write(socket, bytes, splits);
    if (last) socket.end();
    const answer = await this.#answer();
    if (last || typeof answer === 'string' || this.#isOver || !isKept(answer)) this.close();
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
    socket.on('data', (/** @type {string} */ text) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('end', over);
    socket.on('close', over);
    this.#socket = socket;
    return socket;
  }

  /**
   * @param {Socket} socket
   * @param {Buffer} bytes
   * @param {readonly number[]} splits
   */
  async #write(socket, bytes, splits) {
    let from = 0;
    for (const to of splits) {
      socket.write(bytes.subarray(from, to));
      from = to;
      await delay(2);
    }
    socket.write(bytes.subarray(from));
  }

  /** @returns {Promise<FormEnd>} */
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
        /** @type {Promise<void>} */
        const woken = new Promise((resolve) => {
          this.#wake = resolve;
        });
        await woken;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The service says the length of each of its answers.
   *
   * @returns {FormAnswer | undefined}
   */
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

/**
 * Node's own answers, such as 417, say no length, and nothing may follow them here.
 * @param {FormAnswer} answer
 */
function isKept({ headers }) {
  return /\r\ncontent-length: /i.test(headers) && !/\r\nconnection: close/i.test(headers);
}
