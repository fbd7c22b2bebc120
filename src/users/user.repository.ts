import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { UserEntity } from './user.entity.js';

export interface User {
  readonly name: string;
  readonly passwordHash: string | null;
  readonly isAdmin: boolean;
  /** Changes with each password. */
  readonly credential: string;
}

@Injectable()
export class UserRepository {
  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  find(name: string): Promise<User | null> {
    return this.users.findOneBy({ name });
  }

  async save(user: User): Promise<void> {
    await this.users.upsert({ ...user }, ['name']);
  }
}
