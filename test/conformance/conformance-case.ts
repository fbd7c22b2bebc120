import type { ObjectKey } from '../../src/storage/contract/object-key.js';
import type { StorageCapabilities, StorageProvider } from '../../src/storage/contract/storage-provider.js';

/** What a case is given. */
export interface ConformanceContext {
  /** Opened on a root that is empty and belongs to this case alone. */
  readonly provider: StorageProvider;
  /**
   * What the store still holds of puts of that key that came to nothing: temporary files, open multipart uploads. A
   * provider that can leave nothing behind has no such hook.
   */
  readonly orphans?: (key: ObjectKey) => Promise<readonly string[]>;
  /**
   * Puts an object past the provider, as somebody else would: its key is any bytes, and the store may refuse it.
   *
   * @returns whether the store has taken it.
   */
  readonly plant?: (key: Buffer, content: string) => Promise<boolean>;
  /** Another provider on the same store, as another process would open it; without it the provider itself is asked. */
  readonly openAnother?: () => StorageProvider;
  /** So much of a body a put may hold at once; 40 MiB unless told. */
  readonly mostHeldBytes?: number;
  /** How long an operation may take to honour its signal; 5 seconds unless told. */
  readonly patienceMs?: number;
}

/** One sentence of the storage contract, and how to see whether a provider keeps it. */
export interface ConformanceCase {
  readonly name: string;
  /** The case applies where this holds; everywhere without it. */
  readonly needs?: (capabilities: StorageCapabilities) => boolean;
  /** The case applies where somebody else can put objects. */
  readonly needsPlanting?: boolean;
  /** The case applies where the provider has `inspect`. */
  readonly needsInspection?: boolean;
  /** Rejects where the provider does not keep the promise. */
  run(context: ConformanceContext): Promise<void>;
}
