import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../../audit/events/audit-event.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { USER_STAGE_NAME, type UserStage } from '../../stages/catalog/stage.js';
import { removeMatching } from '../../stages/files/matching-files.js';
import { StageCopies } from '../../stages/copies/stage-copies.js';
import type { OpenedStage } from '../../stages/files/stage.service.js';
import { StageStorage } from '../../stages/files/stage-storage.js';
import { objectKey } from '../../storage/contract/object-key.js';
import type { User } from '../../users/accounts/user.js';
import { displayName } from '../../access/principal.js';
import { UserError } from '../../users/user-error.js';

/** The files in users' own stages, when users are dropped. */
@Injectable()
export class OwnStageFiles {
  constructor(
    private readonly storage: StageStorage,
    private readonly fileMetadata: FileMetadataRepository,
    private readonly copies: StageCopies,
  ) {}

  /** @throws UserError of kind `UserHasFiles` that says what to do. */
  async assertNone(user: User): Promise<void> {
    for await (const batch of this.storage.open(ownStage(user)).storage.list({ limit: 1 })) {
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
  async empty(user: User, heir: User | undefined, actor: AuditActor): Promise<void> {
    const root = this.#rootOf(user, actor);
    if (heir !== undefined) await this.#move(user, root, this.#rootOf(heir, actor));
    await removeMatching(root, this.fileMetadata, { prefix: '' });
  }

  async #move(user: User, from: OpenedStage, to: OpenedStage): Promise<void> {
    const folder = `of-${user.name.replaceAll('/', '_')}-${user.id.slice(0, 8)}`;
    for await (const batch of from.storage.list()) {
      for (const { key } of batch) {
        await this.copies.move(await this.copies.find(from, key), to, objectKey(`${folder}/${key}`));
      }
    }
  }

  #rootOf(user: User, actor: AuditActor): OpenedStage {
    const stage = ownStage(user);
    return { stage, actor, ...this.storage.open(stage) };
  }
}

function ownStage({ id, quota }: User): UserStage {
  return { kind: 'user', name: USER_STAGE_NAME, userId: id, quota };
}
