import { createHash } from 'node:crypto';
import type { ObjectStat, PutContent } from '../../storage/contract/storage-provider.js';
import { stageFileRow } from '../../stages/files/stage-file-row.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';

const MD5 = /^"?([0-9a-f]{32})"?$/;

/** The md5 of a file that is there, as hex, where it is known without reading the file. */
export function knownMd5(stages: StageService, stage: OpenedStage, there: ObjectStat): string | undefined {
  const row = stageFileRow(there, stage.storage.capabilities, stages.exactFactsOf(stage, there));
  // The ETag of an object that is encrypted has this form too, and is no md5: then it is that of no other content.
  return MD5.exec(row.md5 ?? '')?.[1];
}

/** Does the file that is there hold these very bytes? It is read only where neither size nor md5 tell. */
export async function isSameContent(
  stages: StageService,
  stage: OpenedStage,
  there: ObjectStat,
  { size, checksums }: PutContent,
): Promise<boolean> {
  if (there.size !== size) return false;
  const md5 = knownMd5(stages, stage, there) ?? (await md5OfFile(stages, stage, there));
  return md5 === checksums.md5;
}

async function md5OfFile(stages: StageService, stage: OpenedStage, there: ObjectStat): Promise<string> {
  const hash = createHash('md5');
  const { body } = await stages.openFile(stage, there.key, {});
  for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk); // a stream of bytes
  return hash.digest('hex');
}
