import { DataSource } from 'typeorm';
import { parseAppConfig } from './src/config/app-config.js';
import { dataSourceOptions } from './src/database/data-source-options.js';

/** For TypeORM's own CLI: `npm run typeorm -- migration:show`. Its commands decide when migrations run. */
export default new DataSource({
  ...dataSourceOptions(parseAppConfig().databasePath),
});
