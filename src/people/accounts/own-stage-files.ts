import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { USER_STAGE_NAME } from '../../stages/catalog/stage.js';
import { removeMatching } from '../../stages/files/matching-files.js';
import { StageService, type OpenedStage } from '../../stages/files/stage.service.js';
import { StageStorage } from '../../stages/files/stage-storage.js';
import { objectKey } from '../../storage/contract/object-key.js';
import type { ObjectStat } from '../../storage/contract/storage-provider.js';
import type { User } from '../../users/accounts/user.js';
import { displayName } from '../../access/principal.js';
import { UserError } from '../../users/user-error.js';

/** The files in users' own stages, when users are dropped. */
@Injectable()
export class OwnStageFiles {
  constructor(
    private readonly stages: StageService,
    private readonly storage: StageStorage,
    private readonly fileMetadata: FileMetadataRepository,
    private readonly database: SqlDatabase,
  ) {}

  /** @throws UserError of kind `UserHasFiles` that says what to do. */
  async assertNone(user: User): Promise<void> {
    for await (const batch of this.#rootOf(user).storage.list({ limit: 1 })) {
      if (batch.length === 0) continue;
      throw new UserError(
        'UserHasFiles',
        `User ${displayName(user)} has files in its own stage. Say what becomes of them: DROP USER … REMOVE FILES, or ` +
          'DROP USER … GIVE FILES TO another user; over REST, ?files=remove or ?files=give&to=another.',
      );
    }
  }

  /**
   * Removes the files, or moves them into the own stage of an heir, below a folder that no other user's files get. What was moved
   * when it fails stays moved: the next call moves the rest.
   */
  async empty(user: User, heir: User | undefined): Promise<void> {
    if (heir !== undefined) await this.#move(user, heir);
    await removeMatching(this.#rootOf(user), this.fileMetadata, { prefix: '' });
  }

  async #move(user: User, heir: User): Promise<void> {
    const from = this.#rootOf(user);
    const to = this.#rootOf(heir);
    const folder = `of-${user.name.replaceAll('/', '_')}-${user.id.slice(0, 8)}`;
    for await (const batch of from.storage.list()) {
      for (const stat of batch) await this.#moveFile(from, to, stat, `${folder}/${stat.key}`);
    }
  }

  async #moveFile(from: OpenedStage, to: OpenedStage, { key }: ObjectStat, newName: string): Promise<void> {
    const name = objectKey(newName);
    const { stat, body } = await from.storage.get(key);
    const facts = await this.stages.exactFactsOf(from, stat);
    const contentType = facts?.contentType ?? stat.contentType ?? undefined;
    const { etag, size } = await to.storage.put(name, body, { contentType });
    if (facts !== undefined && etag !== null) {
      const objectName = to.location.prefix + name;
      const entry = { ...facts, store: to.location.store, objectKey: objectName, size, etag, uploadId: '' };
      await this.database.write(this.fileMetadata.recordStatements(entry));
    }
    const { failures } = await from.storage.remove([key]);
    if (failures[0] !== undefined) throw failures[0].error;
  }

  #rootOf({ id }: User): OpenedStage {
    const stage = { kind: 'user', name: USER_STAGE_NAME, userId: id } as const;
    return { stage, ...this.storage.open(stage) };
  }
}
