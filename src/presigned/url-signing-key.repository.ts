import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SqlDatabase } from '../database/sql-database.js';
import { MASTER_KEYS, type MasterKeys } from '../keys/master-keys.js';
import { TokenSigner } from '../keys/token-signer.js';

const PURPOSE = 'presigned URL';
const GENERATION = 'SELECT generation FROM signing_keys WHERE purpose = ?';
const ROTATE = `INSERT INTO signing_keys (purpose, generation, changed_at) VALUES (?, ?, ?)
ON CONFLICT (purpose) DO UPDATE SET generation = excluded.generation, changed_at = excluded.changed_at`;

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
  signer(): TokenSigner {
    const generation = this.#generation();
    if (this.#signer?.generation !== generation) {
      this.#signer = { generation, signer: new TokenSigner(this.keys, `${PURPOSE} ${generation}`) };
    }
    return this.#signer.signer;
  }

  /** Revokes every URL signed before, at once and on all servers. */
  async rotate(): Promise<void> {
    const values = [PURPOSE, randomUUID(), new Date().toISOString()];
    await this.database.write([{ sql: ROTATE, values }]);
  }

  #generation(): string {
    const [row] = this.database.readRows(GENERATION, PURPOSE) as readonly (readonly [string])[]; // its column
    return row?.[0] ?? '';
  }
}
