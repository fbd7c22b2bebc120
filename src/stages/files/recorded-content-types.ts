import { LRUCache } from 'lru-cache';
import { isOn } from '../../config/shortcuts.js';
import type {
  FileMetadataIndex,
  FileMetadataRepository,
} from '../../file-metadata/file-metadata.repository.js';
import type { ListedKey } from '../../storage/contract/listed-key.js';
import type { ObjectBody, ObjectStat } from '../../storage/contract/storage-provider.js';
import { shownFacts } from './shown-facts.js';
import type { StageRoot } from './stage-storage.js';

/** Files whose records are kept in memory: readers of Parquet ask for hundreds of ranges of one file. */
const MAX_RECENT = 4096;
/** A record is written within seconds after its file is visible. Only a file without one for longer is taken for unknown. */
const RECORDED_AFTER_MS = 10_000;
const UNKNOWN_FOR_MS = 1_000;

interface Recent {
  readonly index: FileMetadataIndex;
  /** The version that has no record; undefined if the index has one. */
  readonly unknown?: string | null;
}

/** Content types of files in stores that keep none. A version of a file keeps its type, so no other server changes it. */
export class RecordedContentTypes {
  readonly #recent = new LRUCache<string, Recent>({ max: MAX_RECENT });
  readonly #keepsRecent = isOn('recorded-types');

  constructor(private readonly fileMetadata: FileMetadataRepository) {}

  /** Opens a file, and adds its content type. Looks it up before: nothing may wait between the opening of a body and its reader. */
  async open(
    { location: { store, prefix } }: StageRoot,
    name: ListedKey,
    open: () => Promise<ObjectBody>,
  ): Promise<ObjectBody> {
    const objectKey = prefix + name;
    const id = `${store} ${objectKey}`;
    for (let recent = this.#recent.get(id); ; recent = undefined) {
      const index = recent?.index ?? (await this.fileMetadata.lookup(store, [objectKey]));
      const file = await open();
      const facts = shownFacts(index, objectKey, file.stat);
      if (recent === undefined) this.#keep(id, index, facts === undefined ? file.stat : undefined);
      if (facts !== undefined) return { ...file, stat: { ...file.stat, contentType: facts.contentType } };
      if (recent === undefined || recent.unknown === file.stat.etag) return file;
      file.body.destroy(); // replaced since
    }
  }

  /** @param unknown the file, if it has no record. */
  #keep(id: string, index: FileMetadataIndex, unknown: ObjectStat | undefined): void {
    if (!this.#keepsRecent) return;
    if (unknown === undefined) this.#recent.set(id, { index });
    else if (Date.now() - unknown.lastModified.getTime() > RECORDED_AFTER_MS) {
      this.#recent.set(id, { index, unknown: unknown.etag }, { ttl: UNKNOWN_FOR_MS });
    }
  }
}
