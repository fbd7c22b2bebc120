import type { DataSource } from 'typeorm';
import { limiterFactory } from '../../../src/auth/throttle/limiters.js';

/** All that the limiters ask of it. */
const sqlite: Pick<DataSource, 'options'> = { options: { type: 'better-sqlite3', database: ':memory:' } };

/** The limiters of a server on SQLite, which count for this server alone. */
export const inMemory = limiterFactory(sqlite);
