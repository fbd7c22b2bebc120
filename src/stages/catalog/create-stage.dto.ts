import { z } from 'zod';
import type { NewStage } from './stage-catalog.js';
import { COMMENT, CONNECTION, FILE_FORMAT } from './stage-fields.js';

/** Body of `POST /v1/stages`. */
export const CREATE_STAGE = z.strictObject({
  name: z.string(),
  url: z.string().nullish(),
  connection: CONNECTION.nullish(),
  file_format: FILE_FORMAT.nullish(),
  comment: COMMENT.nullish(),
  or_replace: z.boolean().nullish(),
  if_not_exists: z.boolean().nullish(),
  check: z.boolean().nullish(),
});

export type CreateStageBody = z.output<typeof CREATE_STAGE>;

export function newStageFrom(body: CreateStageBody): NewStage & { readonly isChecked: boolean } {
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
