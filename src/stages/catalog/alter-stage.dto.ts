import { z } from 'zod';
import type { StageChange } from './stage-catalog.js';
import { COMMENT, CONNECTION_CHANGES, FILE_FORMAT } from './stage-fields.js';

/** Body of `PATCH /v1/stages/{name}`; null unsets a field. */
export const ALTER_STAGE = z.strictObject({
  url: z.string().optional(),
  connection: CONNECTION_CHANGES.optional(),
  file_format: FILE_FORMAT.nullish(),
  comment: COMMENT.nullish(),
});

export type AlterStageBody = z.output<typeof ALTER_STAGE>;

export function stageChangeFrom({ file_format: fileFormat, ...change }: AlterStageBody): StageChange {
  return { ...change, fileFormat };
}
