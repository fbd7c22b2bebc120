import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { ConfigError } from '../config/config-error.js';
import { ROOT } from './accounts/user.js';
import { UserService } from './accounts/user.service.js';
import { UsersModule } from './users.module.js';

/** Gives `root` the password of the settings when a server starts. Commands leave it as it is. */
@Module({ imports: [UsersModule] })
export class RootModule implements OnApplicationBootstrap {
  constructor(
    private readonly users: UserService,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const stored = await this.users.find(ROOT);
    const password = this.config.rootPassword ?? (stored === null ? '' : undefined);
    if (password !== undefined) await this.users.saveRoot(password);
    await this.#assertPasswordWithCors();
  }

  /** Without a password, any page of an allowed origin could act as root. */
  async #assertPasswordWithCors(): Promise<void> {
    if (this.config.access.corsOrigins.length === 0 || (await this.users.hasPassword(ROOT))) return;
    throw new ConfigError(['CORS_ORIGINS lets web pages in, and root has no password: set ROOT_PASSWORD']);
  }
}
