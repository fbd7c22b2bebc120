import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { SqlDatabase } from '../database/sql-database.js';
import { sql } from '../database/sql.js';
import { UserEntity } from './user.entity.js';

export interface User {
  readonly name: string;
  readonly passwordHash: string | null;
  readonly isAdmin: boolean;
  /** Changes with each password. */
  readonly credential: string;
}

interface UserRow {
  readonly name: string;
  readonly password_hash: string | null;
  /** SQLite has 0 and 1. */
  readonly is_admin: boolean | number;
  readonly credential: string;
}

const BY_NAME = sql<UserRow>('SELECT name, password_hash, is_admin, credential FROM users WHERE name = ?');

/** Stores users. */
@Injectable()
export class UserRepository {
  /** Reads of one turn of the event loop: many requests ask for one user. */
  readonly #reads = new Map<string, Promise<User | null>>();

  constructor(
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
    private readonly database: SqlDatabase,
  ) {}

  /** Reads the user as it is now: another server may have changed it. */
  find(name: string): Promise<User | null> {
    const current = this.#reads.get(name);
    if (current !== undefined) return current;
    const read = this.#read(name);
    this.#reads.set(name, read);
    setImmediate(() => this.#reads.delete(name));
    return read;
  }

  async save(user: User): Promise<void> {
    await this.users.upsert({ ...user }, ['name']);
  }

  async #read(name: string): Promise<User | null> {
    const [row] = await this.database.read(BY_NAME, name);
    if (row === undefined) return null;
    const { password_hash: passwordHash, is_admin: isAdmin, credential } = row;
    return { name: row.name, passwordHash, isAdmin: Boolean(isAdmin), credential };
  }
}
