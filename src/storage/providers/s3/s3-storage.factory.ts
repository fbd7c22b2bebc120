import type {
  ConnectionOptions,
  ConnectionOrigin,
  ConnectionSummary,
  OptionChanges,
  StorageConnection,
  StorageProviderFactory,
} from '../../contract/storage-provider-factory.js';
import { masked } from '../../../common/masked.js';
import { StorageError } from '../../contract/storage-error.js';
import type { StorageProvider } from '../../contract/storage-provider.js';
import type { StorageUrl } from '../../contract/storage-url.js';
import { EndpointRules } from '../../endpoints/endpoint-rules.js';
import { LazyStorage } from '../../decorators/lazy-storage.js';
import { s3Capabilities } from './client/s3-limits.js';
import type { S3Network } from './client/s3-network.js';
import { s3Timing } from './client/s3-timing.js';
import { readConnectionOptions } from './connection/s3-connection-options.js';
import { changeConnectionOptions } from './connection/s3-option-changes.js';
import { readConnectionUrl } from './connection/s3-connection-url.js';
import { DEFAULT_ENDPOINT, s3Settings } from './connection/s3-settings.js';
import { s3StoreName } from './connection/s3-store-name.js';

/** An internal option of a connection; users cannot set it. */
const ORIGIN = 'origin';

/** Opens buckets of S3 and of compatible stores: MinIO, R2, Ceph. */
export class S3StorageFactory implements StorageProviderFactory {
  readonly scheme = 's3';
  readonly #networks: Readonly<Record<ConnectionOrigin, S3Network>>;

  /**
   * @param timeoutMs the longest time that a silent store may hold a request, including all attempts.
   * @param endpoints the allowed endpoints of users' stores, as in `EndpointRules`. The operator's own store is not restricted.
   */
  constructor({
    timeoutMs,
    endpoints,
  }: {
    readonly timeoutMs: number;
    readonly endpoints?: readonly string[];
  }) {
    const timing = s3Timing(timeoutMs);
    this.#networks = {
      operator: { timing, endpoints: new EndpointRules() },
      user: { timing, endpoints: new EndpointRules(endpoints) },
    };
  }

  parseConnection(
    url: StorageUrl,
    input: ReadonlyMap<string, string>,
    origin: ConnectionOrigin,
  ): StorageConnection {
    const { bucket, rootPrefix, problems: urlProblems } = readConnectionUrl(url);
    const { options: read, problems: optionProblems } = readConnectionOptions(input);
    const options = origin === 'operator' ? { ...read, [ORIGIN]: origin } : read;
    const problems = [
      ...urlProblems,
      ...(optionProblems.length > 0 ? [`connection params invalid: ${optionProblems.join(' ')}`] : []),
    ];
    if (problems.length > 0) {
      throw new StorageError('InvalidConfig', problems.join(' '), { context: { scheme: this.scheme } });
    }
    const connection = { scheme: this.scheme, url: `s3://${bucket}/${rootPrefix}`, rootPrefix, options };
    this.#assertEndpointAllowed(connection);
    return connection;
  }

  changeOptions(options: ConnectionOptions, changes: OptionChanges): ConnectionOptions {
    return changeConnectionOptions(options, changes);
  }

  describe(connection: StorageConnection): ConnectionSummary {
    const { bucket, region, virtualHostStyle, credentials } = s3Settings(connection);
    const endpoint = connection.options['endpoint_url'] ?? DEFAULT_ENDPOINT;
    const presignEndpoint = connection.options['presign_endpoint_url'];
    return {
      endpoint,
      hasCredentials: credentials !== null,
      params: {
        access_key_id: masked(credentials?.accessKeyId ?? ''),
        bucket,
        enable_virtual_host_style: virtualHostStyle,
        endpoint_url: endpoint,
        external_id: '',
        master_key: '',
        network_config: null,
        ...(presignEndpoint === undefined ? {} : { presign_endpoint_url: presignEndpoint }),
        region,
        role_arn: '',
        root: `/${connection.rootPrefix}`,
        secret_access_key: masked(credentials?.secretAccessKey ?? ''),
        security_token: masked(credentials?.sessionToken ?? ''),
        storage_class: 'Standard',
        type: 'S3',
      },
    };
  }

  storeName(connection: StorageConnection): string {
    const { bucket } = s3Settings(connection);
    return s3StoreName(bucket, connection.options['endpoint_url'] ?? DEFAULT_ENDPOINT);
  }

  prepare(connection: StorageConnection): Promise<StorageConnection> {
    return Promise.resolve(connection);
  }

  open(connection: StorageConnection): StorageProvider {
    const settings = s3Settings(connection);
    return new LazyStorage({
      scheme: this.scheme,
      capabilities: s3Capabilities({ isAnonymous: settings.credentials === null }),
      load: async () =>
        (await import('./client/s3-opening.js')).openS3(settings, this.#networkOf(connection)),
    });
  }

  /** Checks the host only; its addresses are checked when a socket connects. */
  #assertEndpointAllowed(connection: StorageConnection): void {
    const { hostname } = new URL(connection.options['endpoint_url'] ?? DEFAULT_ENDPOINT);
    const refusal = this.#networkOf(connection).endpoints.refusalOfHost(hostname);
    if (refusal !== undefined) throw refusal;
  }

  #networkOf({ options }: StorageConnection): S3Network {
    return this.#networks[options[ORIGIN] === 'operator' ? 'operator' : 'user'];
  }
}
