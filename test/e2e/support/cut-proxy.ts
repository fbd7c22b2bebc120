import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A way to a server that can be cut and mended: bytes pass as they are. */
export class CutProxy {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  /** @param target as in `http://127.0.0.1:9000`. */
  constructor(target: string) {
    this.#target = new URL(target);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  /** Opens the way, again on the same port. */
  async open(): Promise<void> {
    this.#server = createServer((near) => {
      const far = connect({ host: this.#target.hostname, port: Number(this.#target.port) });
      for (const socket of [near, far]) this.#sockets.add(socket);
      // What a cut does to the two is what it is for.
      pipeline(near, far, () => this.#sockets.delete(near));
      pipeline(far, near, () => this.#sockets.delete(far));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port; // a listening TCP server has one
  }

  /** Nothing that is on its way arrives, and nobody connects any more. */
  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}
