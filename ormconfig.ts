import { DataSource } from 'typeorm';
import { parseAppConfig } from './src/config/app-config.js';
import { retryWhenBusy } from './src/database/retrying-query-runner.js';
import { dataSourceOptions } from './src/database/data-source-options.js';

/** For TypeORM's own CLI: `npm run typeorm -- migration:show`. Its commands decide when migrations run. */
const database = new DataSource(dataSourceOptions(parseAppConfig().databasePath));
retryWhenBusy(database);
export default database;
