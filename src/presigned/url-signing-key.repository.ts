import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { OPERATOR } from '../access/principal.js';
import { changed } from '../audit/events/audit-event.js';
import { auditStatement } from '../audit/events/audit-statement.js';
import { SqlDatabase } from '../database/sql-database.js';
import { sql } from '../database/sql.js';
import { MASTER_KEYS, type MasterKeys } from '../keys/master-keys.js';
import { TokenSigner } from '../keys/token-signer.js';

const PURPOSE = 'presigned URL';
const GENERATION = sql<readonly [generation: string]>(
  'SELECT generation FROM signing_keys WHERE purpose = ?',
);
const ROTATE = sql(`INSERT INTO signing_keys (purpose, generation, changed_at) VALUES (?, ?, ?)
ON CONFLICT (purpose) DO UPDATE SET generation = excluded.generation, changed_at = excluded.changed_at`);

/**
 * The key that signs presigned URLs. It is derived from the server's keys and a generation. All servers on the database share
 * the generation, which can change without the server's keys.
 */
@Injectable()
export class UrlSigningKey {
  #signer: { readonly generation: string; readonly signer: TokenSigner } | undefined;

  constructor(
    @Inject(MASTER_KEYS) private readonly keys: MasterKeys,
    private readonly database: SqlDatabase,
  ) {}

  /** Reads the generation each time: another process may have rotated the key. */
  async signer(): Promise<TokenSigner> {
    const generation = await this.#generation();
    if (this.#signer?.generation !== generation) {
      this.#signer = { generation, signer: new TokenSigner(this.keys, `${PURPOSE} ${generation}`) };
    }
    return this.#signer.signer;
  }

  /** Revokes every URL signed before, at once and on all servers. */
  async rotate(): Promise<void> {
    await this.database.write([
      ROTATE.with(PURPOSE, randomUUID(), new Date().toISOString()),
      auditStatement(changed('service.revoke_urls', OPERATOR)),
    ]);
  }

  async #generation(): Promise<string> {
    const [row] = await this.database.readRows(GENERATION, PURPOSE);
    return row?.[0] ?? '';
  }
}
