import type { EndpointRules } from '../../../endpoints/endpoint-rules.js';
import type { S3Timing } from './s3-timing.js';

/** Timeouts and address rules of connections. Providers with the same object share sockets. */
export interface S3Network {
  readonly timing: S3Timing;
  readonly endpoints: EndpointRules;
}
