import { Global, Module } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { connectionKeyFromFile } from './connection-key.js';

/** The injection token of the server's key: 32 bytes that all replicas share, from which every other key is derived. */
export const CONNECTION_KEY = Symbol('CONNECTION_KEY');

@Global()
@Module({
  providers: [
    {
      provide: CONNECTION_KEY,
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig): Buffer =>
        config.connectionKey ?? connectionKeyFromFile(config.dataDir),
    },
  ],
  exports: [CONNECTION_KEY],
})
export class KeysModule {}
