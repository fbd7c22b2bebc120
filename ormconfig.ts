import { parseAppConfig } from './src/config/app-config.js';
import { createDataSource } from './src/database/data-source.js';

/** For TypeORM's own CLI: `npm run typeorm -- migration:show`. Its commands decide when migrations run. */
export default await createDataSource(parseAppConfig().database);
