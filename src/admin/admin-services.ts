import { existsSync } from 'node:fs';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import type { AppConfig } from '../config/app-config.js';
import { forCommands } from '../config/database-config.js';
import type { OpenOptions } from '../database/open-options.js';
import { AdminModule } from './admin.module.js';
import { failed } from './admin-error.js';

/** Runs a command with the services of the configured data folder, and closes them afterwards. */
export async function withServices<Result>(
  config: AppConfig,
  run: (services: INestApplicationContext) => Promise<Result>,
  opening: OpenOptions = { migrates: false },
): Promise<Result> {
  assertDatabase(config);
  const module = AdminModule.forRoot({ ...config, database: forCommands(config.database) }, opening);
  const quiet: Pick<NestApplicationContextOptions, 'logger' | 'abortOnError'> = {
    logger: false,
    abortOnError: false,
  };
  const services = await NestFactory.createApplicationContext(module, quiet);
  try {
    return await run(services);
  } finally {
    await services.close();
  }
}

function assertDatabase({ database }: AppConfig): void {
  if (database.kind !== 'sqlite' || existsSync(database.path)) return;
  throw failed(
    `There is no database at ${database.path}. Give the command the settings of the server: DATA_DIR.`,
  );
}
