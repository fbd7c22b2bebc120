import type * as http from 'node:http';
import type * as https from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AgentLimits, TimedHttpAgent, TimedHttpsAgent } from './s3-timed-agents.js';
import type { S3Network } from './s3-network.js';

/** The sockets of all S3 providers of one network: kept alive, and bounded per host. */
interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

interface SharedAgents {
  readonly requests: Agents;
  /** A download keeps its socket as long as its reader likes, so downloads do not share sockets with other requests. */
  readonly downloads: Agents;
}

const REQUEST_SOCKETS = 64;
const DOWNLOAD_SOCKETS = 256;
/** A server has one for stages, and one for its internal storage: a socket is only used by whom it was opened for. */
const shared = new WeakMap<S3Network, SharedAgents>();

function sharedAgents(network: S3Network): SharedAgents {
  const existing = shared.get(network);
  if (existing !== undefined) return existing;
  const created = {
    requests: agents({ maxSockets: REQUEST_SOCKETS, ...network }),
    downloads: agents({ maxSockets: DOWNLOAD_SOCKETS, ...network }),
  };
  shared.set(network, created);
  return created;
}

function agents(limits: AgentLimits): Agents {
  return { httpAgent: new TimedHttpAgent(limits), httpsAgent: new TimedHttpsAgent(limits) };
}

/** For requests that no SDK sends; `https:` or another protocol says which. */
export function requestAgent(protocol: string, network: S3Network): http.Agent {
  const { requests } = sharedAgents(network);
  return protocol === 'https:' ? requests.httpsAgent : requests.httpAgent;
}

export function requestHandler(network: S3Network): NodeHttpHandler {
  return handler(sharedAgents(network).requests);
}

export function downloadHandler(network: S3Network): NodeHttpHandler {
  return handler(sharedAgents(network).downloads);
}

/** The handler of one client, without times of its own; to destroy it would destroy the shared agents. */
function handler(sockets: Agents): NodeHttpHandler {
  return new NodeHttpHandler({ ...sockets, socketTimeout: 0, logger: silent });
}

const ignore = (): void => undefined;
/** Without a logger the handler warns on the console when requests queue, which is no fault here. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
