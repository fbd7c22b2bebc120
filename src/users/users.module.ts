import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { PasswordHasher } from './password-hasher.js';
import { UserEntity } from './user.entity.js';
import { UserRepository } from './user.repository.js';
import { ROOT, UserService } from './user.service.js';

/** Who may come in. `root` is always there, with the password that the settings give. */
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
    await this.users.save(ROOT, this.config.rootPassword, { isAdmin: true });
  }
}
