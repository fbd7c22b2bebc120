import { SERVER } from './api.js';
import { shellQuoted } from './quoting.js';

/** Gives the documented upload by curl, to this server. @param folder empty, or with a slash at its end. */
export function uploadCommand(user: string, stage: string, folder = ''): string {
  const directory = folder === '' ? '' : ` -H ${shellQuoted(`relative_path:${folder}`)}`;
  return (
    `curl -u ${shellQuoted(user)}: -H ${shellQuoted(`stage_name:${stage}`)}${directory} ` +
    `-F "upload=@books.parquet" -XPUT ${SERVER}/v1/upload_to_stage`
  );
}
