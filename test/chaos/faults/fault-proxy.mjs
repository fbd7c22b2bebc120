import { once } from 'node:events';
import { Agent, createServer } from 'node:http';

import { callOf } from './fault-proxy-calls.mjs';
import { FAULTS } from './fault-proxy-faults.mjs';
import { passOn } from './fault-proxy-exchange.mjs';

/** @import { IncomingMessage, Server, ServerResponse } from 'node:http' */
/** @import { AddressInfo } from 'node:net' */
/** @import { FaultName } from './fault-proxy-faults.mjs' */

/** @typedef {{ call: string, fault: FaultName, from: number, to: number, at: number }} Rule */
/** @typedef {{ rules: readonly Rule[], seen: Map<string, number>, struck: Map<Rule, number> }} Target */
/** @typedef {ReturnType<typeof faultProxy>} FaultProxy */

// Longer than any pause of a run: a connection that the proxy closes by itself would be a fault that nobody ordered.
const KEEP_ALIVE_MS = 600_000;

/**
 * A proxy on loopback before an S3 store. It passes on what comes, but for the keys that `arm` names: there it does to
 * each call what that call's rules say, so that many keys can suffer different faults at once.
 *
 * A rule says that the calls from the `from`-th to the `to`-th suffer, and `at`, from 0 to below 1, how far along the
 * bytes a fault strikes that strikes amid them.
 *
 * @param {string} store the URL of the store
 */
export function faultProxy(store) {
  /** @type {Map<string, Target>} */
  const armed = new Map();
  /** @param {string} key */
  const targetOf = (key) => {
    const target = armed.get(key);
    if (target === undefined) throw new Error(`There are no rules for ${key}`);
    return target;
  };
  const agent = new Agent({ keepAlive: true });
  /** @type {Server[]} */
  const servers = [];
  /** @type {FaultName | undefined} */
  let everywhere;
  /** @type {(incoming: IncomingMessage, outgoing: ServerResponse) => void} */
  const onRequest = (incoming, outgoing) => {
    // Node takes the socket from the request once it is gone.
    const { socket } = incoming;
    const exchange = { incoming, outgoing, socket, store, agent, at: 0 };
    const rule = ruleFor(armed, callOf(incoming.method ?? '', incoming.url ?? ''));
    const fault = rule?.fault ?? everywhere;
    const handle =
      fault === undefined ? passOn(exchange) : FAULTS[fault].run({ ...exchange, at: rule?.at ?? 0 });
    handle.catch(() => socket.destroy());
  };
  return {
    /** A URL of its own, on which the same rules hold. */
    async listen() {
      const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, onRequest);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      // A server that listens on TCP has an address with a port.
      const { port } = /** @type {AddressInfo} */ (server.address());
      return `http://127.0.0.1:${port}`;
    },
    /** @type {(key: string, rules: readonly Rule[]) => void} */
    arm: (key, rules) => void armed.set(key, { rules, seen: new Map(), struck: new Map() }),
    /**
     * Every other call suffers this fault, until there is none.
     *
     * @param {FaultName | undefined} fault
     */
    strike(fault) {
      everywhere = fault;
    },
    /** @param {string} key */
    hasStruck(key) {
      const { rules, struck } = targetOf(key);
      return rules.every((rule) => struck.has(rule));
    },
    /**
     * Lifts the faults of a key and says how often each of its rules has struck, and which calls came.
     *
     * @param {string} key
     */
    lift(key) {
      const { rules, seen, struck } = targetOf(key);
      armed.delete(key);
      return { seen: Object.fromEntries(seen), struck: rules.map((rule) => struck.get(rule) ?? 0) };
    },
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      agent.destroy();
    },
  };
}

/**
 * @param {ReadonlyMap<string, Target>} armed
 * @param {{ call: string, key: string }} request
 */
function ruleFor(armed, { call, key }) {
  const target = armed.get(key);
  if (target === undefined) return undefined;
  const count = (target.seen.get(call) ?? 0) + 1;
  target.seen.set(call, count);
  const rule = target.rules.find((one) => one.call === call && one.from <= count && count <= one.to);
  if (rule !== undefined) target.struck.set(rule, (target.struck.get(rule) ?? 0) + 1);
  return rule;
}
