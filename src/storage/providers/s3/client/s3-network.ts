import type { EndpointRules } from '../../../endpoints/endpoint-rules.js';
import type { S3Timing } from './s3-timing.js';

/** How and where a store is reached. Who has the same one shares its sockets. */
export interface S3Network {
  readonly timing: S3Timing;
  readonly endpoints: EndpointRules;
}
