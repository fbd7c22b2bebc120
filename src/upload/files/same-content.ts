import { createHash } from 'node:crypto';
import type { ObjectStat, PutContent } from '../../storage/contract/storage-provider.js';
import { stageFileRow } from '../../stages/files/stage-file-row.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';

const MD5 = /^"?([0-9a-f]{32})"?$/;

/** Returns the md5 of an existing file in hex, if it is known without reading the file. */
export async function knownMd5(
  stages: StageService,
  stage: OpenedStage,
  existing: ObjectStat,
): Promise<string | undefined> {
  const facts = await stages.exactFactsOf(stage, existing);
  const row = stageFileRow(existing, stage.storage.capabilities, facts);
  // The ETag of an encrypted object has this form too but is no md5; it then equals no other content's.
  return MD5.exec(row.md5 ?? '')?.[1];
}

/** Compares an existing file with received content. Reads the file only if neither size nor md5 decides. */
export async function isSameContent(
  stages: StageService,
  stage: OpenedStage,
  existing: ObjectStat,
  { size, checksums }: PutContent,
): Promise<boolean> {
  if (existing.size !== size) return false;
  const md5 = (await knownMd5(stages, stage, existing)) ?? (await md5OfFile(stages, stage, existing));
  return md5 === checksums.md5;
}

async function md5OfFile(stages: StageService, stage: OpenedStage, existing: ObjectStat): Promise<string> {
  const hash = createHash('md5');
  const { body } = await stages.openFile(stage, existing.key, {});
  for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk); // byte stream
  return hash.digest('hex');
}
