import { OPERATOR } from '../../access/principal.js';
import { StageService } from '../../stages/files/stage.service.js';
import { StageReindexer } from '../../stages/files/stage-reindexer.js';
import { withServices } from '../admin-services.js';
import type { CommandCall } from '../command-call.js';

export async function reindex({ config, args: [name = ''], report }: CommandCall): Promise<void> {
  await withServices(config, async (services) => {
    const stage = await services.get(StageService).resolve(name, OPERATOR, 'Read');
    const counts = await services.get(StageReindexer).reindex(stage);
    report(
      `${String(counts.listed)} files: ${String(counts.known)} were known, ${String(counts.attached)} have their md5 and creator again, ` +
        `${String(counts.different)} have another content than was recorded, of ${String(counts.unrecorded)} nothing is recorded`,
    );
  });
}
