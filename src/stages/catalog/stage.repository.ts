import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { MoreThan, Repository } from 'typeorm';
import type { AuditAction } from '../../audit/events/audit-action.js';
import { changed, type AuditActor, type AuditEvent } from '../../audit/events/audit-event.js';
import { auditStatement, auditStatementIf } from '../../audit/events/audit-statement.js';
import { isOn } from '../../config/shortcuts.js';
import { quotaOf, type Quota } from '../../access/quota.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type Sql, type SqlStatement, type SqlValue } from '../../database/sql.js';
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
const COLUMNS = `(id, name, kind, sealed_connection, connection_ref, file_format, comment, creator, created_on, owner_role)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INSERT = sql(`INSERT INTO stages ${COLUMNS}`);
const REPLACE =
  sql(`INSERT INTO stages ${COLUMNS} ON CONFLICT (name) DO UPDATE SET id = excluded.id, kind = excluded.kind,
sealed_connection = excluded.sealed_connection, connection_ref = excluded.connection_ref, file_format = excluded.file_format,
comment = excluded.comment, creator = excluded.creator, created_on = excluded.created_on, owner_role = excluded.owner_role
WHERE stages.id = ?`);
const FORMAT = sql(
  'UPDATE stages SET file_format = coalesce(?, file_format), comment = coalesce(?, comment) WHERE id = ?',
);
const LOCATION =
  sql(`UPDATE stages SET file_format = coalesce(?, file_format), comment = coalesce(?, comment),
sealed_connection = ?, connection_ref = ? WHERE id = ?`);
const LOCATION_OF_VERSION = sql(`${LOCATION.text} AND sealed_connection = ?`);
const EXISTS = sql('SELECT 1 FROM stages WHERE id = ?');
/** Each time that a connection is encrypted, it is another text. */
const HAS_CONNECTION = sql('SELECT 1 FROM stages WHERE id = ? AND sealed_connection = ?');
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
  async insert(stage: CatalogStage, actor: AuditActor): Promise<void> {
    const row = this.toRow(stage);
    try {
      const event = auditStatement(eventOf('stage.create', actor, stage));
      await this.database.write([INSERT.with(...valuesOf(row)), event]);
    } catch (error) {
      throw isUniqueViolation(error) ? stageAlreadyExists(stage.name) : error;
    }
    try {
      await this.assertHeld(row.connectionRef);
    } catch (error) {
      await this.delete(stage, actor);
      throw error;
    }
  }

  /**
   * Inserts a stage, or replaces this one of its name, in one statement. Grants on that one end.
   *
   * @param replaced null if there was none.
   * @returns false if another stage has the name by now, which stays as it is.
   * @throws StageError of kind `UnknownConnection` if its connection has ended meanwhile: it then refers to nothing.
   */
  async replace(
    successor: CatalogStage,
    replaced: Pick<CatalogStage, 'id'> | null,
    actor: AuditActor,
  ): Promise<boolean> {
    const row = this.toRow(successor);
    const event = eventOf('stage.create', actor, successor, { replaced: replaced?.id });
    const [affected] = await this.database.write([
      REPLACE.with(...valuesOf(row), replaced?.id ?? ''),
      ...(replaced === null ? [] : [endOfGrantsOn({ kind: 'stage', id: replaced.id })]),
      auditStatementIf(EXISTS.with(row.id), event),
    ]);
    if (affected === 1) await this.assertHeld(row.connectionRef);
    return affected === 1;
  }

  /**
   * Changes the given fields in one statement.
   *
   * @returns false if this stage does not exist any more, or has another location than the one that was changed.
   * @throws StageError of kind `UnknownConnection` as `replace`.
   */
  async alter(
    stage: Pick<CatalogStage, 'id' | 'name'>,
    alteration: StageAlteration,
    actor: AuditActor,
  ): Promise<boolean> {
    const { location } = alteration;
    const { change, query } = this.alteration(stage.id, alteration);
    const altered = Object.entries(alteration).flatMap(([field, value]) =>
      value === undefined ? [] : field,
    );
    const facts = { stage: { name: stage.name, id: stage.id }, detail: { altered } };
    const event = auditStatementIf(query, changed('stage.alter', actor, facts));
    const [affected] = await this.database.write([change, event]);
    if (affected === 1) await this.assertHeld(location?.ref?.id ?? null);
    return affected === 1;
  }

  /** Deletes a stage, and all grants on it. */
  async delete({ id, name }: Pick<CatalogStage, 'id' | 'name'>, actor: AuditActor): Promise<void> {
    const event = auditStatement(eventOf('stage.drop', actor, { id, name }));
    await this.database.write([DELETE.with(id), endOfGrantsOn({ kind: 'stage', id }), event]);
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

  /** @returns the change, and a query that has a row if it has changed the stage. */
  private alteration(
    id: string,
    { location, fileFormat, comment }: StageAlteration,
  ): { readonly change: SqlStatement; readonly query: SqlStatement } {
    const others = [fileFormat === undefined ? null : JSON.stringify(fileFormat), comment ?? null];
    if (location === undefined) return { change: FORMAT.with(...others, id), query: EXISTS.with(id) };
    const { encryptedConnection, connectionRef } = this.toLocationRow(id, externalFields(location));
    const values = [...others, encryptedConnection, connectionRef, id];
    const version = location.changedVersion;
    const change =
      version === undefined ? LOCATION.with(...values) : LOCATION_OF_VERSION.with(...values, version);
    return { change, query: HAS_CONNECTION.with(id, encryptedConnection) };
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

function valuesOf(row: NewRow): readonly SqlValue[] {
  const { id, name, kind, encryptedConnection, connectionRef } = row;
  const { fileFormat, comment, creator, createdOn, ownerRole } = row;
  return [
    ...[id, name, kind, encryptedConnection, connectionRef],
    ...[fileFormat, comment, creator, createdOn, ownerRole],
  ];
}

function eventOf(
  action: AuditAction,
  actor: AuditActor,
  { id, name }: Pick<CatalogStage, 'id' | 'name'>,
  detail?: AuditEvent['detail'],
): AuditEvent {
  return changed(action, actor, { stage: { name, id }, detail });
}

export function stageAlreadyExists(name: string): StageError {
  return new StageError('StageAlreadyExists', `Stage '${name}' already exists.`);
}
