import type * as http from 'node:http';
import type * as https from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AgentLimits, TimedHttpAgent, TimedHttpsAgent } from './s3-timed-agents.js';
import type { S3Timing } from './s3-timing.js';

/** The sockets of all S3 providers of the process: kept alive, and bounded per host. */
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
/** By how long a store may be silent: in a server there is one. */
const shared = new Map<number, SharedAgents>();

function sharedAgents(timing: S3Timing): SharedAgents {
  const known = shared.get(timing.silenceMs);
  if (known !== undefined) return known;
  const made = {
    requests: agents({ maxSockets: REQUEST_SOCKETS, timing }),
    downloads: agents({ maxSockets: DOWNLOAD_SOCKETS, timing }),
  };
  shared.set(timing.silenceMs, made);
  return made;
}

function agents(limits: AgentLimits): Agents {
  return { httpAgent: new TimedHttpAgent(limits), httpsAgent: new TimedHttpsAgent(limits) };
}

/** For requests that no SDK sends; `https:` or another protocol says which. */
export function requestAgent(protocol: string, timing: S3Timing): http.Agent {
  const { requests } = sharedAgents(timing);
  return protocol === 'https:' ? requests.httpsAgent : requests.httpAgent;
}

export function requestHandler(timing: S3Timing): NodeHttpHandler {
  return handler(sharedAgents(timing).requests);
}

export function downloadHandler(timing: S3Timing): NodeHttpHandler {
  return handler(sharedAgents(timing).downloads);
}

/** The handler of one client, without times of its own; to destroy it would destroy the shared agents. */
function handler(sockets: Agents): NodeHttpHandler {
  return new NodeHttpHandler({ ...sockets, socketTimeout: 0, logger: silent });
}

const ignore = (): void => undefined;
/** Without a logger the handler warns on the console when requests queue, which is no fault here. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
