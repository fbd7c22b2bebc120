import { z } from 'zod';
import type { NewStage } from './stage-catalog.js';
import { parseRequest } from '../parse-request.js';
import { COMMENT, CONNECTION, FILE_FORMAT } from './stage-fields.js';

const CREATE_STAGE = z.strictObject({
  name: z.string(),
  url: z.string().nullish(),
  connection: CONNECTION.nullish(),
  file_format: FILE_FORMAT.nullish(),
  comment: COMMENT.nullish(),
  or_replace: z.boolean().nullish(),
  if_not_exists: z.boolean().nullish(),
  check: z.boolean().nullish(),
});

/** Reads the body of `POST /v1/stages`. @throws StageError of kind `InvalidRequest`. */
export function newStageFrom(json: unknown): NewStage & { readonly isChecked: boolean } {
  const body = parseRequest(CREATE_STAGE, json);
  return {
    isChecked: body.check === true,
    name: body.name,
    url: body.url ?? undefined,
    connection: body.connection ?? undefined,
    fileFormat: body.file_format ?? undefined,
    comment: body.comment ?? undefined,
    orReplace: body.or_replace ?? undefined,
    ifNotExists: body.if_not_exists ?? undefined,
  };
}
