import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { MoreThan, Repository } from 'typeorm';
import { isOn } from '../../config/shortcuts.js';
import { quotaOf, type Quota } from '../../access/quota.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type Sql, type SqlStatement } from '../../database/sql.js';
import { endOfGrantsOn } from '../../users/grants/grant.repository.js';
import { isUniqueViolation } from '../../common/unique-violation.js';
import { likeMatcher } from '../../common/sql-like.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import { SealedBox } from '../../keys/sealed-box.js';
import type { EncryptedColumn } from '../../keys/encrypted-column.js';
import { ReferredConnections } from '../connections/referred-connections.js';
import type { NamedConnection } from '../connections/named-connection.js';
import { storedFileFormat, type FileFormat } from '../file-formats/file-format.js';
import { externalFields, type CatalogStage, type ExternalLocation, type ExternalStage } from './stage.js';
import { StageEntity } from './stage.entity.js';
import { StageError } from '../stage-error.js';

type StageRow = Readonly<Pick<StageEntity, keyof StageEntity>>;
/** All that is written of a stage with it. Its quota is only ever changed by itself. */
type NewRow = Omit<StageRow, 'quotaBytes' | 'quotaFiles'>;

export const STAGE_CONNECTIONS: EncryptedColumn = {
  label: 'stages',
  table: 'stages',
  column: 'sealed_connection',
  names: ['id'],
  rowOf: ({ id = '' }) => id,
};

const BATCH = 1000;
const NO_CONNECTIONS: ReadonlyMap<string, NamedConnection> = new Map();
/** Equals the maximum number of opened providers. */
const MAX_DECRYPTED_CONNECTIONS = 256;
/**
 * Queried in every request: building these statements, or sending them through TypeORM, would cost more than all other
 * work for a stage.
 */
const STAGES = `SELECT id, name, kind, sealed_connection AS "encryptedConnection", connection_ref AS "connectionRef",
file_format AS "fileFormat", comment, creator, created_on AS "createdOn", owner_role AS "ownerRole",
quota_bytes AS "quotaBytes", quota_files AS "quotaFiles" FROM stages`;
const BY_NAME = sql<StageRow>(`${STAGES} WHERE name = ?`);
/** `lower` changes ASCII letters only, in SQLite and for columns that compare by bytes. */
const BY_NAME_ALIKE = sql<StageRow>(`${STAGES} WHERE lower(name) = ? ORDER BY name LIMIT 1`);
const DELETE = sql('DELETE FROM stages WHERE id = ?');
const SET_OWNER = sql('UPDATE stages SET owner_role = ? WHERE id = ?');
const DISOWN = sql('UPDATE stages SET owner_role = ? WHERE owner_role = ?');
const BY_ID = sql<StageRow>(`${STAGES} WHERE id = ?`);
const QUOTA = sql<readonly [maxBytes: number | null, maxFiles: number | null]>(
  'SELECT quota_bytes, quota_files FROM stages WHERE id = ?',
);
const SET_QUOTA = sql('UPDATE stages SET quota_bytes = ?, quota_files = ? WHERE id = ?');

/** Filter of a stage listing. */
export interface StageSelection {
  /** An SQL pattern with `%` and `_`, case-insensitive. */
  readonly like?: string | undefined;
  /** Names after this one only. */
  readonly after?: string | undefined;
}

/** A new location. */
export interface AlteredLocation extends ExternalLocation {
  /** The version that was changed; undefined if the location is independent of the old one. */
  readonly changedVersion: string | undefined;
}

/** Properties of a stage that can change without creating a new stage. */
export interface StageAlteration {
  /** For external stages only. */
  readonly location?: AlteredLocation | undefined;
  readonly fileFormat?: FileFormat | undefined;
  readonly comment?: string | undefined;
}

/** Stores named stages. Connections are stored encrypted. */
@Injectable()
export class StageRepository {
  private readonly queriesBySql = isOn('stage-sql');
  private readonly cachesDecrypted = isOn('decrypted-connections');
  /** Keyed by row, so that a stage has the same connection object from request to request until it is altered. */
  private readonly decrypted = new LRUCache<string, StorageConnection>({ max: MAX_DECRYPTED_CONNECTIONS });

  constructor(
    @InjectRepository(StageEntity) private readonly stages: Repository<StageEntity>,
    private readonly database: SqlDatabase,
    private readonly box: SealedBox,
    private readonly referred: ReferredConnections,
  ) {}

  async find(name: string): Promise<CatalogStage | null> {
    return this.toStage(
      this.queriesBySql ? await this.rowOf(BY_NAME, name) : await this.stages.findOneBy({ name }),
    );
  }

  async findById(id: string): Promise<CatalogStage | null> {
    return this.toStage(await this.rowOf(BY_ID, id));
  }

  /** Finds a stage whose name differs only in the case of ASCII letters. */
  async findAlike(name: string): Promise<CatalogStage | null> {
    const lower = name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    return this.toStage(await this.rowOf(BY_NAME_ALIKE, lower));
  }

  /** @returns undefined if this stage does not exist any more, as opposed to another one of its name. */
  async quotaNow(id: string): Promise<Quota | null | undefined> {
    const [row] = this.queriesBySql
      ? await this.database.readRows(QUOTA, id)
      : (await this.stages.findBy({ id })).map(
          ({ quotaBytes, quotaFiles }) => [quotaBytes, quotaFiles] as const,
        );
    return row === undefined ? undefined : quotaFrom(row[0], row[1]);
  }

  /** Yields stages ordered by name. Batches may be empty. */
  async *list({ like = '%', after = '' }: StageSelection): AsyncGenerator<readonly CatalogStage[]> {
    // Filtered here, because SQLite ignores the case of ASCII letters only.
    const matches = likeMatcher(like, { ignoreCase: true });
    for (let last: string | undefined = after; last !== undefined;) {
      const entities: StageEntity[] = await this.stages.find({
        where: { name: MoreThan(last) },
        order: { name: 'ASC' },
        take: BATCH,
      });
      yield await this.toStages(entities.filter(({ name }) => matches(name)));
      last = entities.length < BATCH ? undefined : entities.at(-1)?.name;
    }
  }

  /**
   * Inserts a stage. The database decides between concurrent inserts.
   *
   * @throws StageError of kind `StageAlreadyExists`, or of kind `UnknownConnection` if its connection has ended meanwhile.
   */
  async insert(stage: CatalogStage): Promise<void> {
    const row = this.toRow(stage);
    try {
      await this.stages.insert(row);
    } catch (error) {
      throw isUniqueViolation(error) ? stageAlreadyExists(stage.name) : error;
    }
    try {
      await this.assertHeld(row.connectionRef);
    } catch (error) {
      await this.delete(stage.id);
      throw error;
    }
  }

  /**
   * Inserts a stage, or replaces the stage of its name, in one statement. Grants on that one end.
   *
   * @throws StageError of kind `UnknownConnection` if its connection has ended meanwhile: it then refers to nothing.
   */
  async replace(successor: CatalogStage, replaced: Pick<CatalogStage, 'id'> | null): Promise<void> {
    const row = this.toRow(successor);
    await this.stages.upsert(row, ['name']);
    if (replaced !== null) await this.database.write([endOfGrantsOn({ kind: 'stage', id: replaced.id })]);
    await this.assertHeld(row.connectionRef);
  }

  /**
   * Changes the given fields in one statement.
   *
   * @returns false if this stage does not exist any more, or has another location than the one that was changed.
   * @throws StageError of kind `UnknownConnection` as `replace`.
   */
  async alter(id: string, { location, fileFormat, comment }: StageAlteration): Promise<boolean> {
    const version = location?.changedVersion;
    const { affected } = await this.stages.update(
      { id, ...(version === undefined ? {} : { encryptedConnection: version }) },
      {
        ...(location === undefined ? {} : this.toLocationRow(id, externalFields(location))),
        ...(fileFormat === undefined ? {} : { fileFormat: JSON.stringify(fileFormat) }),
        ...(comment === undefined ? {} : { comment }),
      },
    );
    if (affected === 1) await this.assertHeld(location?.ref?.id ?? null);
    return affected === 1;
  }

  /** Deletes a stage, and all grants on it. */
  async delete(id: string): Promise<void> {
    await this.database.write([DELETE.with(id), endOfGrantsOn({ kind: 'stage', id })]);
  }

  quotaChange(id: string, quota: Quota | null): SqlStatement {
    return SET_QUOTA.with(quota?.maxBytes ?? null, quota?.maxFiles ?? null, id);
  }

  /** Gives a stage to a role. */
  ownership(id: string, roleId: string): SqlStatement {
    return SET_OWNER.with(roleId, id);
  }

  /** Gives all stages of a role to another one. */
  succession(fromRoleId: string, toRoleId: string): SqlStatement {
    return DISOWN.with(toRoleId, fromRoleId);
  }

  private toRow(stage: CatalogStage): NewRow {
    return {
      id: stage.id,
      name: stage.name,
      kind: stage.kind,
      ...(stage.kind === 'external'
        ? this.toLocationRow(stage.id, stage)
        : { encryptedConnection: null, connectionRef: null }),
      fileFormat: JSON.stringify(stage.fileFormat),
      comment: stage.comment,
      creator: stage.creator,
      createdOn: stage.createdOn.toISOString(),
      ownerRole: stage.ownerRole,
    };
  }

  private toLocationRow(
    id: string,
    { decryptStored, connectionRef }: Pick<ExternalStage, 'decryptStored' | 'connectionRef'>,
  ): Pick<StageRow, 'encryptedConnection' | 'connectionRef'> {
    return {
      encryptedConnection: this.box.encrypt(id, decryptStored()),
      connectionRef: connectionRef?.id ?? null,
    };
  }

  private async assertHeld(connectionRef: string | null): Promise<void> {
    if (connectionRef !== null) await this.referred.assertHeld(connectionRef);
  }

  private decryptOnce(id: string, encrypted: string): StorageConnection {
    const row = `${id} ${encrypted}`;
    const cached = this.decrypted.get(row);
    if (cached !== undefined) return cached;
    // authenticated: the input of `toRow`
    const connection = this.box.decrypt(id, encrypted) as StorageConnection;
    if (this.cachesDecrypted) this.decrypted.set(row, connection);
    return connection;
  }

  private async rowOf(query: Sql<StageRow>, key: string): Promise<StageRow | null> {
    const [row] = await this.database.read(query, key);
    return row ?? null;
  }

  private async toStage(row: StageRow | null): Promise<CatalogStage | null> {
    const [stage] = row === null ? [] : await this.toStages([row]);
    return stage ?? null;
  }

  private async toStages(rows: readonly StageRow[]): Promise<readonly CatalogStage[]> {
    const refs = rows.flatMap(({ connectionRef }) => connectionRef ?? []);
    const connections = refs.length === 0 ? NO_CONNECTIONS : await this.referred.find(refs);
    return rows.map((row) => this.stageOf(row, connections));
  }

  private stageOf(row: StageRow, connections: ReadonlyMap<string, NamedConnection>): CatalogStage {
    const { id, name, comment, creator, encryptedConnection, connectionRef, ownerRole } = row;
    const fileFormat = storedFileFormat(row.fileFormat);
    const createdOn = new Date(row.createdOn);
    const named = { id, name, fileFormat, comment, creator, createdOn, ownerRole };
    if (encryptedConnection === null) {
      return { ...named, kind: 'internal', quota: quotaFrom(row.quotaBytes, row.quotaFiles) };
    }
    const decryptStored = (): StorageConnection => this.decryptOnce(id, encryptedConnection);
    const external = {
      ...named,
      kind: 'external',
      decryptStored,
      storedVersion: encryptedConnection,
    } as const;
    if (connectionRef === null) return { ...external, connectionRef: null, decryptConnection: decryptStored };
    const connection = connections.get(connectionRef);
    return {
      ...external,
      connectionRef: { id: connectionRef, name: connection?.name ?? null },
      decryptConnection: () => this.referred.connectionTo(decryptStored().url, connection),
    };
  }
}

function quotaFrom(bytes: StageRow['quotaBytes'], files: StageRow['quotaFiles']): Quota | null {
  return quotaOf(bytes === null ? null : Number(bytes), files === null ? null : Number(files));
}

export function stageAlreadyExists(name: string): StageError {
  return new StageError('StageAlreadyExists', `Stage '${name}' already exists.`);
}
