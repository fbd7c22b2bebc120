import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SqlDatabase } from '../database/sql-database.js';
import { MASTER_KEYS, type MasterKeys } from '../keys/master-keys.js';
import { TokenSigner } from '../keys/token-signer.js';

const PURPOSE = 'presigned URL';
const GENERATION = 'SELECT generation FROM signing_keys WHERE purpose = ?';
const CHANGE = `INSERT INTO signing_keys (purpose, generation, changed_at) VALUES (?, ?, ?)
ON CONFLICT (purpose) DO UPDATE SET generation = excluded.generation, changed_at = excluded.changed_at`;

/**
 * What presigned URLs are signed with: derived from the keys of the server and a generation, which all servers on the database
 * share and which can be changed without them.
 */
@Injectable()
export class UrlSigningKey {
  #signer: { readonly generation: string; readonly signer: TokenSigner } | undefined;

  constructor(
    @Inject(MASTER_KEYS) private readonly keys: MasterKeys,
    private readonly database: SqlDatabase,
  ) {}

  /** Asked anew each time: another process may have changed the key. */
  signer(): TokenSigner {
    const generation = this.#generation();
    if (this.#signer?.generation !== generation) {
      this.#signer = { generation, signer: new TokenSigner(this.keys, `${PURPOSE} ${generation}`) };
    }
    return this.#signer.signer;
  }

  /** Ends every URL that was signed before, at once and on all servers. */
  async change(): Promise<void> {
    const values = [PURPOSE, randomUUID(), new Date().toISOString()];
    await this.database.write([{ sql: CHANGE, values }]);
  }

  #generation(): string {
    const [row] = this.database.readRows(GENERATION, PURPOSE) as readonly (readonly [string])[]; // its column
    return row?.[0] ?? '';
  }
}
