import { BlockList, type Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** Where a request comes from, as far as this server can tell by itself. */
export interface Peer {
  readonly address: string;
  /** From this machine, and no proxy says that it only passes the request on. */
  readonly isLocal: boolean;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const FORWARDING_HEADER = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/;

/** A connection's other end stays the same. */
const knownEnds = new WeakMap<Socket, Peer>();

export function peerOf(request: IncomingMessage): Peer {
  const { socket } = request;
  let end = knownEnds.get(socket);
  if (end === undefined) {
    end = otherEnd(socket);
    knownEnds.set(socket, end);
  }
  return end.isLocal && isForwarded(request) ? { ...end, isLocal: false } : end;
}

function otherEnd({ remoteAddress = '' }: Socket): Peer {
  const address = remoteAddress.replace(/^::ffff:/i, '');
  const isLocal = address !== '' && LOOPBACK.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  return { address, isLocal };
}

function isForwarded(request: IncomingMessage): boolean {
  for (const name in request.headers) if (FORWARDING_HEADER.test(name)) return true;
  return false;
}
