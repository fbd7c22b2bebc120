import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { QueryFailedError, Repository } from 'typeorm';
import { ConnectionCipher } from './connection-cipher.js';
import type { CatalogStage, FileFormat } from './stage.js';
import { StageEntity } from './stage.entity.js';
import { StageError } from './stage-error.js';

type StageRow = Readonly<Pick<StageEntity, keyof StageEntity>>;

/** Where named stages are kept. Connections are sealed on the way in and opened on the way out. */
@Injectable()
export class StageRepository {
  constructor(
    @InjectRepository(StageEntity) private readonly stages: Repository<StageEntity>,
    private readonly cipher: ConnectionCipher,
  ) {}

  async find(name: string): Promise<CatalogStage | null> {
    const entity = await this.stages.findOneBy({ name });
    return entity === null ? null : this.toStage(entity);
  }

  /** Is this very stage still there, and not another one of its name? */
  exists(id: string): Promise<boolean> {
    return this.stages.existsBy({ id });
  }

  /** Ordered by name. @param like an SQL pattern with `%` and `_`, matched without regard to case. */
  async list(like?: string): Promise<CatalogStage[]> {
    const query = this.stages.createQueryBuilder('stage').orderBy('stage.name');
    if (like !== undefined) {
      query.where(String.raw`LOWER(stage.name) LIKE LOWER(:like) ESCAPE '\'`, { like });
    }
    return (await query.getMany()).map((entity) => this.toStage(entity));
  }

  /** @throws StageError of kind `StageAlreadyExists`. The database decides, so that of two at once one is told. */
  async insert(stage: CatalogStage): Promise<void> {
    try {
      await this.stages.insert(this.toRow(stage));
    } catch (error) {
      if (error instanceof QueryFailedError && /UNIQUE/i.test(error.message)) {
        throw new StageError('StageAlreadyExists', `Stage '${stage.name}' already exists.`);
      }
      throw error;
    }
  }

  /** Takes the place of a stage of its name, if there is one, in one statement. */
  async replace(successor: CatalogStage): Promise<void> {
    await this.stages.upsert(this.toRow(successor), ['name']);
  }

  async delete(id: string): Promise<void> {
    await this.stages.delete({ id });
  }

  private toRow(stage: CatalogStage): StageRow {
    return {
      id: stage.id,
      name: stage.name,
      kind: stage.kind,
      sealedConnection: stage.kind === 'external' ? this.cipher.seal(stage.id, stage.openConnection()) : null,
      fileFormat: JSON.stringify(stage.fileFormat),
      comment: stage.comment,
      creator: stage.creator,
      createdOn: stage.createdOn.toISOString(),
    };
  }

  private toStage(entity: StageEntity): CatalogStage {
    const { id, name, comment, creator, sealedConnection } = entity;
    const fileFormat = JSON.parse(entity.fileFormat) as FileFormat; // as toRow wrote it
    const named = { id, name, fileFormat, comment, creator, createdOn: new Date(entity.createdOn) };
    if (sealedConnection === null) return { ...named, kind: 'internal' };
    return { ...named, kind: 'external', openConnection: () => this.cipher.open(id, sealedConnection) };
  }
}
