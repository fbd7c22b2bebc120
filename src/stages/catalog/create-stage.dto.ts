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
  owner: z.string().nullish(),
  or_replace: z.boolean().nullish(),
  if_not_exists: z.boolean().nullish(),
  check: z.boolean().nullish(),
});

export type CreateStageBody = z.output<typeof CREATE_STAGE>;

interface StageRequest extends NewStage {
  readonly isChecked: boolean;
  /** The name of the role that will own the stage; the user's default role if undefined. */
  readonly owner: string | undefined;
}

export function newStageFrom(body: CreateStageBody): StageRequest {
  return {
    isChecked: body.check === true,
    owner: body.owner ?? undefined,
    name: body.name,
    url: body.url ?? undefined,
    connection: body.connection ?? undefined,
    fileFormat: body.file_format ?? undefined,
    comment: body.comment ?? undefined,
    orReplace: body.or_replace ?? undefined,
    ifNotExists: body.if_not_exists ?? undefined,
  };
}
