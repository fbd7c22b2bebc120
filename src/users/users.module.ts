import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ConfigError } from '../config/config-error.js';
import { PasswordHasher } from './password-hasher.js';
import { UserEntity } from './user.entity.js';
import { UserRepository } from './user.repository.js';
import { ROOT, UserService } from './user.service.js';

/** Users and their passwords. `root` always exists, with the password that the settings gave last. */
@Module({
  imports: [TypeOrmModule.forFeature([UserEntity])],
  providers: [PasswordHasher, UserRepository, UserService],
  exports: [UserService],
})
export class UsersModule implements OnApplicationBootstrap {
  constructor(
    private readonly users: UserService,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const stored = await this.users.find(ROOT);
    const password = this.config.rootPassword ?? (stored === null ? '' : undefined);
    if (password !== undefined) await this.users.save(ROOT, password, { isAdmin: true });
    await this.#assertPasswordWithCors();
  }

  /** Without a password, any page of an allowed origin could act as root. */
  async #assertPasswordWithCors(): Promise<void> {
    if (this.config.access.corsOrigins.length === 0 || (await this.users.hasPassword(ROOT))) return;
    throw new ConfigError(['CORS_ORIGINS lets web pages in, and root has no password: set ROOT_PASSWORD']);
  }
}
