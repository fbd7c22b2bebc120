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
  /** Separate sockets for downloads: a slow reader keeps its socket as long as it reads. */
  readonly downloads: Agents;
}

const REQUEST_SOCKETS = 64;
const DOWNLOAD_SOCKETS = 256;
/** A server has one set of agents for stages and one for its internal storage, so that they share no socket. */
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

/** Returns the agent for requests without the SDK, by protocol: `https:` or `http:`. */
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

/** Makes the handler of one client, without timeouts of its own. Destroying it would destroy the shared agents. */
function handler(sockets: Agents): NodeHttpHandler {
  return new NodeHttpHandler({ ...sockets, socketTimeout: 0, logger: silent });
}

const ignore = (): void => undefined;
/** Without a logger the handler warns on the console about queued requests, which are normal here. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
