import { Global, Logger, Module } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { keyFileWarning, keysFromFile } from './key-file.js';
import { MASTER_KEYS, masterKeys, type MasterKeys } from './master-keys.js';
import { SealedBox } from './sealed-box.js';

@Global()
@Module({
  providers: [
    {
      provide: MASTER_KEYS,
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig): MasterKeys => {
        const warning = keyFileWarning(config);
        if (warning !== undefined) new Logger('Keys').warn(warning);
        return masterKeys(config.connectionKeys ?? keysFromFile(config.dataDir));
      },
    },
    { provide: SealedBox, inject: [MASTER_KEYS], useFactory: (keys: MasterKeys) => new SealedBox(keys) },
  ],
  exports: [MASTER_KEYS, SealedBox],
})
export class KeysModule {}
