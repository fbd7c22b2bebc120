import { z } from 'zod';
import type { NewStage } from '../stage-catalog.js';
import { parseRequest } from './parse-request.js';

const CREATE_STAGE = z.strictObject({
  name: z.string(),
  url: z.string().nullish(),
  connection: z.record(z.string(), z.union([z.string(), z.boolean()])).nullish(),
  file_format: z.record(z.string(), z.unknown()).nullish(),
  comment: z.string().max(10_000).nullish(),
  or_replace: z.boolean().nullish(),
  if_not_exists: z.boolean().nullish(),
});

/** Reads the body of `POST /v1/stages`. @throws StageError of kind `InvalidRequest`. */
export function newStageFrom(json: unknown): NewStage {
  const body = parseRequest(CREATE_STAGE, json);
  return {
    name: body.name,
    url: body.url ?? undefined,
    connection: body.connection == null ? undefined : new Map(optionsOf(body.connection)),
    fileFormat: body.file_format ?? undefined,
    comment: body.comment ?? undefined,
    orReplace: body.or_replace ?? undefined,
    ifNotExists: body.if_not_exists ?? undefined,
  };
}

function optionsOf(connection: Readonly<Record<string, string | boolean>>): [string, string][] {
  return Object.entries(connection).map(([name, value]) => [name, String(value)]);
}
