import { LRUCache } from 'lru-cache';
import { isOn } from '../../config/shortcuts.js';
import type {
  FileMetadataIndex,
  FileMetadataRepository,
} from '../../file-metadata/file-metadata.repository.js';
import type { ListedKey } from '../../storage/contract/listed-key.js';
import type { ObjectBody } from '../../storage/contract/storage-provider.js';
import { shownFacts } from './shown-facts.js';
import type { StageRoot } from './stage-storage.js';

/** Files whose records are kept in memory: readers of Parquet ask for hundreds of ranges of one file. */
const MAX_RECENT = 4096;

/** Content types of files in stores that keep none. A version of a file keeps its type, so no other server changes it. */
export class RecordedContentTypes {
  readonly #recent = new LRUCache<string, FileMetadataIndex>({ max: MAX_RECENT });
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
      const index = recent ?? (await this.fileMetadata.lookup(store, [objectKey]));
      const file = await open();
      const facts = shownFacts(index, objectKey, file.stat);
      if (facts !== undefined) {
        if (this.#keepsRecent && recent === undefined) this.#recent.set(id, index);
        return { ...file, stat: { ...file.stat, contentType: facts.contentType } };
      }
      if (recent === undefined) return file;
      file.body.destroy(); // replaced since
    }
  }
}
