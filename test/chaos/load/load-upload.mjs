import { connect } from 'node:net';

/** @import { LoadBody } from './load-body.mjs' */

/** @typedef {'form' | 'raw'} Kind */
/** @typedef {'deaf' | 'polite' | 'asking'} Manner */
/** @typedef {{ status: number, retryAfter: string | undefined, body: string }} LoadAnswer */

const AUTHORIZATION = `Authorization: Basic ${Buffer.from('root:').toString('base64')}\r\n`;
const BOUNDARY = 'x-load-x';
const ANSWER_BOUND_MS = 180_000;

/**
 * What clients do: send on whatever is answered, stop at an answer, or ask first.
 *
 * @type {readonly Manner[]}
 */
export const MANNERS = ['deaf', 'polite', 'asking'];

/**
 * The head of an upload, with what goes before and after the file.
 * @param {string} name
 * @param {number} length
 * @param {{ kind: Kind, asks?: boolean }} manner
 */
export function uploadParts(name, length, { kind, asks = false }) {
  const expect = asks ? 'Expect: 100-continue\r\n' : '';
  const common = `Host: localhost\r\n${AUTHORIZATION}${expect}`;
  if (kind === 'raw') {
    const head = `PUT /v1/stages/~/files/${name} HTTP/1.1\r\n${common}Content-Length: ${length}\r\n\r\n`;
    return { head, before: '', after: '' };
  }
  const before =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  const after = `\r\n--${BOUNDARY}--\r\n`;
  const head =
    `PUT /v1/upload_to_stage HTTP/1.1\r\n${common}x-databend-stage-name: ~\r\n` +
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\n` +
    `Content-Length: ${before.length + length + after.length}\r\n\r\n`;
  return { head, before, after };
}

/** One connection, whose answer is read whenever it comes. */
export class LoadConnection {
  socket;
  #received = '';
  #over = false;
  /** @type {Set<() => void>} */
  #events = new Set();

  /** @param {number} port */
  constructor(port) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (/** @type {string} */ text) => {
      this.#received += text;
      this.#wake();
    });
    const over = () => {
      this.#over = true;
      this.#wake();
    };
    for (const event of ['error', 'end', 'close']) this.socket.on(event, over);
    this.socket.on('drain', () => this.#wake());
  }

  /**
   * The answer, once it is there whole.
   *
   * @returns {LoadAnswer | undefined}
   */
  get answer() {
    const text = this.#received.replace(/^HTTP\/1\.1 100 [^]*?\r\n\r\n/, '');
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = text.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = text.slice(end + 4);
    if (body.length < length) return undefined;
    return { status: Number(head.slice(9, 12)), retryAfter: /\r\nretry-after: (\d+)/i.exec(head)?.[1], body };
  }

  get isOver() {
    return this.#over;
  }

  get mayGoOn() {
    return /^HTTP\/1\.1 100 /.test(this.#received);
  }

  /**
   * Waits until something holds, an answer is there, or the connection is over.
   *
   * @param {() => boolean} [holds]
   * @param {number} [boundMs]
   * @returns false when it took too long.
   */
  async until(holds = () => false, boundMs = ANSWER_BOUND_MS) {
    const deadline = Date.now() + boundMs;
    while (!holds() && this.answer === undefined && !this.#over) {
      if (Date.now() >= deadline) return false;
      await this.#event(deadline - Date.now());
    }
    return true;
  }

  /** @param {Buffer | string} bytes */
  async write(bytes) {
    this.socket.write(bytes);
    while (this.socket.writableNeedDrain && !this.#over) await this.#event(ANSWER_BOUND_MS);
  }

  /** @param {number} ms */
  async #event(ms) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    /** @type {Promise<void>} */
    const woken = new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#events.add(resolve);
    });
    await woken;
    clearTimeout(timer);
  }

  #wake() {
    for (const resolve of this.#events) resolve();
    this.#events.clear();
  }
}

/**
 * Uploads a file.
 *
 * @param {number} port
 * @param {string} name
 * @param {LoadBody} body
 * @param {{ kind: Kind, manner: Manner }} way
 * @returns {Promise<LoadAnswer | 'no answer' | 'hang'>}
 */
export async function upload(port, name, body, { kind, manner }) {
  const connection = new LoadConnection(port);
  const { head, before, after } = uploadParts(name, body.length, { kind, asks: manner === 'asking' });
  await connection.write(head);
  const isAnswered = () => connection.answer !== undefined;
  if (manner === 'asking') await connection.until(() => connection.mayGoOn);
  if (manner !== 'asking' || connection.mayGoOn) {
    const stops = manner === 'deaf' ? () => false : isAnswered;
    await send(connection, [before, ...body.chunks(), after], stops);
  }
  const isInTime = await connection.until();
  const { answer } = connection;
  connection.socket.destroy();
  return answer ?? (isInTime ? 'no answer' : 'hang');
}

/**
 * @param {LoadConnection} connection
 * @param {Iterable<Buffer | string>} pieces
 * @param {() => boolean} stops
 */
async function send(connection, pieces, stops) {
  for (const piece of pieces) {
    if (stops() || connection.isOver) return;
    if (piece.length > 0) await connection.write(piece);
  }
}
