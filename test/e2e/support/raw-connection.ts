import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';

/** A TCP connection on which a test says exactly the bytes that it wants to say. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      socket.emit('progress');
    });
    // A reset shows as an answer that is missing.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      socket.emit('progress');
    });
    socket.on('end', () => {
      this.#isClosed = true;
      socket.emit('progress');
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get hasReceived(): boolean {
    return this.#received.length > 0;
  }

  /** Resolves when the system has taken the bytes, or when the connection is no more. */
  async write(bytes: Buffer | string): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (this.#socket.write(bytes)) return;
    await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]);
  }

  /** Takes nothing any more: what the server sends fills the buffers of both systems. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Sends FIN: nothing more will come, an answer may. */
  finish(): void {
    this.#socket.end();
  }

  /** Goes away without a word. */
  leave(): void {
    this.#socket.resetAndDestroy();
  }

  /** The next answer; undefined where the connection ends without one. */
  async answer({ hasBody = true }: { readonly hasBody?: boolean } = {}): Promise<RawAnswer | undefined> {
    if (!(await this.#until(() => this.#received.includes(HEAD_END)))) return undefined;
    const end = this.#received.indexOf(HEAD_END);
    const { status, headers } = parseHead(this.#received.subarray(0, end).toString('latin1'));
    this.#received = this.#received.subarray(end + HEAD_END.length);
    const isBare = !hasBody || status < 200 || status === 204 || status === 304;
    return { status, headers, body: isBare ? Buffer.alloc(0) : await this.#body(headers) };
  }

  async expectAnswer(options: { readonly hasBody?: boolean } = {}): Promise<RawAnswer> {
    const answer = await this.answer(options);
    if (answer === undefined) throw new Error('The server closed the connection without an answer.');
    return answer;
  }

  async closed(): Promise<void> {
    await this.#until(() => this.#isClosed);
  }

  async #body(headers: ReadonlyMap<string, string>): Promise<Buffer> {
    if (headers.get('transfer-encoding') === 'chunked') return this.#chunkedBody();
    const length = headers.get('content-length');
    if (length !== undefined) return this.#take(Number(length));
    await this.closed();
    return this.#take(this.#received.length);
  }

  async #chunkedBody(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (;;) {
      if (!(await this.#until(() => this.#received.includes('\r\n')))) return Buffer.concat(chunks);
      const line = await this.#take(this.#received.indexOf('\r\n') + 2);
      const size = Number.parseInt(line.toString(), 16);
      chunks.push((await this.#take(size + 2)).subarray(0, size));
      if (size === 0) return Buffer.concat(chunks);
    }
  }

  async #take(count: number): Promise<Buffer> {
    await this.#until(() => this.#received.length >= count);
    const taken = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return taken;
  }

  async #until(isThere: () => boolean): Promise<boolean> {
    while (!isThere()) {
      if (this.#isClosed) return false;
      await once(this.#socket, 'progress');
    }
    return true;
  }
}

function parseHead(head: string): Pick<RawAnswer, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(statusLine.split(' ')[1]), headers: new Map(headers) };
}
