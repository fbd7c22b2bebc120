import { z } from 'zod';
import type { StageChange } from './stage-catalog.js';
import { parseRequest } from '../parse-request.js';
import { COMMENT, CONNECTION, FILE_FORMAT } from './stage-fields.js';

const ALTER_STAGE = z.strictObject({
  url: z.string().optional(),
  connection: CONNECTION.optional(),
  file_format: FILE_FORMAT.nullish(),
  comment: COMMENT.nullish(),
});

/** Reads the body of `PATCH /v1/stages/{name}`; null unsets. @throws StageError of kind `InvalidRequest`. */
export function stageChangeFrom(json: unknown): StageChange {
  const { file_format: fileFormat, ...change } = parseRequest(ALTER_STAGE, json);
  return { ...change, fileFormat };
}
