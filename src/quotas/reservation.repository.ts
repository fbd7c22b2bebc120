import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../database/sql-database.js';
import { sql, type Sql, type SqlStatement } from '../database/sql.js';
import { afterPrefix } from '../file-metadata/known-totals.repository.js';
import { usageLock, type StagePlace } from '../file-metadata/stage-usage.js';
import { ProcessRepository } from '../journal/servers/process.repository.js';
import { NEEDS } from './stage-use.repository.js';

/** The row that has the quota: that of an internal stage, or that of the user whose own stage it is. */
export interface QuotaOwner {
  readonly kind: 'internal' | 'user';
  readonly id: string;
}

/** The share of a stage's quota that a file holds while it is uploaded. */
export interface Reservation {
  readonly id: string;
  readonly place: StagePlace;
  readonly owner: QuotaOwner;
  /** The key in the store. */
  readonly objectKey: string;
}

/** A reservation of any server. */
export interface StoredReservation {
  readonly id: string;
  readonly process_id: string;
  readonly prefix: string;
}

const RESERVE =
  sql(`INSERT INTO stage_reservations (id, process_id, store, prefix, object_key, bytes, replaces) VALUES (?, ?, ?, ?, ?, ?,
CASE WHEN EXISTS (SELECT 1 FROM stored_files WHERE store = ? AND object_key = ?) THEN 1 ELSE 0 END)
ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, replaces = excluded.replaces`);
const fits = (
  owners: string,
): string => `SELECT 1 FROM stage_usage AS used INNER JOIN ${owners} AS owner ON owner.id = ?
CROSS JOIN (SELECT SUM(bytes) AS bytes, SUM(files) AS files, SUM(CASE WHEN id = ? THEN bytes ELSE 0 END) AS own_bytes,
SUM(CASE WHEN id = ? THEN files ELSE 0 END) AS own_files FROM (${NEEDS}) AS needs) AS needed
WHERE used.store = ? AND used.prefix = ? AND used.counted_to = ?
AND (needed.own_bytes = 0 OR owner.quota_bytes IS NULL OR used.used_bytes + used.outside_bytes + needed.bytes <= owner.quota_bytes)
AND (needed.own_files = 0 OR owner.quota_files IS NULL OR used.used_files + used.outside_files + needed.files <= owner.quota_files)`;
const OWNERS = { internal: 'stages', user: 'users' } as const;
const ofEachOwner = (text: (fits: string) => string): Readonly<Record<QuotaOwner['kind'], Sql>> => ({
  internal: sql(text(fits(OWNERS.internal))),
  user: sql(text(fits(OWNERS.user))),
});
const REVERT = ofEachOwner(
  (fit) => `UPDATE stage_reservations SET bytes = ? WHERE id = ? AND NOT EXISTS (${fit})`,
);
const REFUSE = ofEachOwner((fit) => `DELETE FROM stage_reservations WHERE id = ? AND NOT EXISTS (${fit})`);
const CLAIM =
  sql(`UPDATE stage_reservations SET commits = 1 WHERE id = ? AND NOT EXISTS (SELECT 1 FROM stage_reservations AS other
WHERE other.store = ? AND other.prefix = ? AND other.object_key = ? AND other.commits = 1 AND other.id <> ?)`);
const END = sql('DELETE FROM stage_reservations WHERE id = ?');
const OF_OTHERS = sql<StoredReservation>(
  'SELECT id, process_id, prefix FROM stage_reservations WHERE process_id <> ?',
);

/** Stores what running uploads of all servers have reserved. */
@Injectable()
export class ReservationRepository {
  constructor(
    private readonly database: SqlDatabase,
    private readonly processes: ProcessRepository,
  ) {}

  /**
   * Reserves bytes, and room for one file, if the quota has them: the database decides, so that servers agree. A file that adds nothing
   * always fits.
   *
   * @param before bytes that the reservation has already; undefined for a new one.
   * @returns false if it was refused, and is as it was before.
   */
  async reserve(reservation: Reservation, bytes: number, before: number | undefined): Promise<boolean> {
    const { id, place, owner, objectKey } = reservation;
    const { store, prefix } = place;
    const fit = [owner.id, id, id, store, prefix, store, prefix, afterPrefix(prefix)];
    const [, , refused] = await this.database.write([
      usageLock(place),
      RESERVE.with(id, this.processes.ownId, store, prefix, objectKey, bytes, store, objectKey),
      before === undefined
        ? REFUSE[owner.kind].with(id, ...fit)
        : REVERT[owner.kind].with(before, id, ...fit),
    ]);
    return refused === 0;
  }

  /**
   * Claims that the file becomes visible next under its name. The claim ends with the reservation.
   *
   * @returns false while another upload of the name has claimed it.
   */
  async claim({ id, place, objectKey }: Reservation): Promise<boolean> {
    const { store, prefix } = place;
    const [, claimed] = await this.database.write([
      usageLock(place),
      CLAIM.with(id, store, prefix, objectKey, id),
    ]);
    return claimed === 1;
  }

  end(id: string): SqlStatement {
    return END.with(id);
  }

  async endAll(reservations: readonly Pick<StoredReservation, 'id'>[]): Promise<void> {
    await this.database.write(reservations.map(({ id }) => this.end(id)));
  }

  ofOtherServers(): Promise<readonly StoredReservation[]> {
    return this.database.read(OF_OTHERS, this.processes.ownId);
  }
}
